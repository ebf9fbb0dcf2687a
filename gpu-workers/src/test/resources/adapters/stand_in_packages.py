"""
Stands for the packages that our scripts use inside of OLMo-core's and open-instruct's processes: what they are told is
kept, and nothing computed.
"""

import os
import sys
from enum import Enum
from types import ModuleType


class AttentionBackendName(str, Enum):
    torch = "torch"
    flash_2 = "flash_2"


class TransformerBlockType(str, Enum):
    reordered_norm = "reordered_norm"


class TransformerConfig(dict):
    """The values that it is made of; `olmo3_7B` is one of the presets."""

    @classmethod
    def llama_like(cls, **values):
        return cls(values)

    @classmethod
    def olmo3_7B(cls, vocab_size, attn_backend):
        return cls(d_model=4096, vocab_size=vocab_size, attn_backend=attn_backend)

    def with_rope_scaling(self, scaling):
        return TransformerConfig(self, rope_scaling=scaling)


class Callback:
    trainer = None

    @property
    def step(self):
        return self.trainer.global_step


def load_dataset(path, split=None, data_files=None):
    """As that of `datasets`, which takes names and folders, and files only beside the name of their format."""
    if not (os.path.isdir(path) or path == "json" and os.path.isfile(data_files)):
        raise FileNotFoundError(f"Couldn't find any data file at {path}.")


PACKAGES = {
    "datasets": {"load_dataset": load_dataset},
    "olmo_core": {},
    "olmo_core.distributed": {},
    "olmo_core.distributed.utils": {"get_rank": lambda: 0},
    "olmo_core.nn": {},
    "olmo_core.nn.attention": {
        "AttentionBackendName": AttentionBackendName,
        "SlidingWindowAttentionConfig": dict,
    },
    "olmo_core.nn.feed_forward": {"FeedForwardConfig": dict},
    "olmo_core.nn.rope": {"YaRNRoPEScalingConfig": dict},
    "olmo_core.nn.transformer": {
        "TransformerBlockType": TransformerBlockType,
        "TransformerConfig": TransformerConfig,
    },
    "olmo_core.optim": {
        "AdamWConfig": dict,
        "OptimConfig": dict,
        "OptimGroupOverride": lambda names, overrides: (names, overrides),
        "SkipStepAdamWConfig": dict,
        "SkipStepOptimizer": dict,
    },
    "olmo_core.train": {},
    "olmo_core.train.callbacks": {"Callback": Callback},
    "safetensors": {"safe_open": None},
    "torch": {"no_grad": lambda: lambda function: function},
    "torch.distributed": {},
    "torch.distributed.tensor": {"DTensor": dict, "distribute_tensor": None},
}


def install():
    for name, members in PACKAGES.items():
        module = ModuleType(name)
        vars(module).update(members)
        sys.modules[name] = module
