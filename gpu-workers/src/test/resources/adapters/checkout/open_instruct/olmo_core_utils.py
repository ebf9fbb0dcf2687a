"""Stands for open-instruct's module of this name: which models it knows, and what its trainer calls."""

from pathlib import Path

from olmo_core.nn.attention import AttentionBackendName
from olmo_core.nn.transformer import TransformerConfig

OLMO_MODEL_CONFIG_MAP = {"allenai/Olmo-3-1025-7B": "olmo3_7B"}


def get_transformer_config(model_name_or_config, vocab_size, attn_backend):
    name = OLMO_MODEL_CONFIG_MAP.get(model_name_or_config, model_name_or_config)
    if not hasattr(TransformerConfig, name):
        raise ValueError(f"Model/config '{model_name_or_config}' not found.")
    return getattr(TransformerConfig, name)(vocab_size=vocab_size, attn_backend=AttentionBackendName(attn_backend))


def setup_model(flags, vocab_size):
    """Makes the model anew, and reads its weights from a folder that has one of two files beside them."""
    folder = flags["model_name_or_path"]
    config = get_transformer_config(flags.get("config_name") or folder, vocab_size, attn_backend="torch")
    assert any((Path(folder) / file).exists() for file in ("generation_config.json", "model.safetensors.index.json"))
    return config


def build_base_callbacks(checkpointing_steps):
    return {}
