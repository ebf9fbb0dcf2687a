"""A stage's model and optimizer as OLMo-core has them, and their tensors under Hugging Face's names."""

from pathlib import Path

import torch
from olmo_core.nn.attention import AttentionBackendName, SlidingWindowAttentionConfig
from olmo_core.nn.feed_forward import FeedForwardConfig
from olmo_core.nn.rope import YaRNRoPEScalingConfig
from olmo_core.nn.transformer import TransformerBlockType, TransformerConfig
from olmo_core.optim import AdamWConfig, OptimConfig, OptimGroupOverride, SkipStepAdamWConfig, SkipStepOptimizer
from safetensors import safe_open
from torch.distributed.tensor import DTensor, distribute_tensor

EPSILON = 1e-8
NORM_EPSILON = 1e-6
FULL_EVERY = 4
WEIGHTS = "model.safetensors"
OPTIMIZER = "optimizer.safetensors"
MOMENTS = ("exp_avg", "exp_avg_sq")
# Of a block whose activations are not kept.
WRAPPED = "_checkpoint_wrapped_module."

BLOCK = {
    "attention.w_q.weight": "self_attn.q_proj.weight",
    "attention.w_k.weight": "self_attn.k_proj.weight",
    "attention.w_v.weight": "self_attn.v_proj.weight",
    "attention.w_out.weight": "self_attn.o_proj.weight",
    "attention.q_norm.weight": "self_attn.q_norm.weight",
    "attention.k_norm.weight": "self_attn.k_norm.weight",
    "attention_norm.weight": "post_attention_layernorm.weight",
    "feed_forward.w1.weight": "mlp.gate_proj.weight",
    "feed_forward.w2.weight": "mlp.down_proj.weight",
    "feed_forward.w3.weight": "mlp.up_proj.weight",
    "feed_forward_norm.weight": "post_feedforward_layernorm.weight",
}
OUTSIDE_BLOCKS = {
    "embeddings.weight": "model.embed_tokens.weight",
    "lm_head.norm.weight": "model.norm.weight",
    "lm_head.w_out.weight": "lm_head.weight",
}


def hugging_face_name(name: str) -> str:
    """The name in model.safetensors of the weight that OLMo-core calls `name`."""
    if name in OUTSIDE_BLOCKS:
        return OUTSIDE_BLOCKS[name]
    _, layer, part = name.replace(WRAPPED, "").split(".", 2)
    return f"model.layers.{layer}.{BLOCK[part]}"


def model_config(model: dict, backend: AttentionBackendName) -> TransformerConfig:
    """Olmo 3 with these numbers; every fourth layer and the last see all, the others a window."""
    window = model["slidingWindow"]
    base = model["ropeBase"]
    config = TransformerConfig.llama_like(
        d_model=model["width"],
        vocab_size=model["vocabulary"],
        n_layers=model["layers"],
        n_heads=model["heads"],
        n_kv_heads=model["keyValueHeads"],
        head_dim=model["headSize"],
        feed_forward=FeedForwardConfig(hidden_size=model["feedForward"], bias=False),
        rope_theta=int(base) if base == int(base) else base,
        qk_norm=True,
        layer_norm_eps=NORM_EPSILON,
        block_name=TransformerBlockType.reordered_norm,
        attn_backend=backend,
        tie_word_embeddings=model["tied"],
        sliding_window=SlidingWindowAttentionConfig(
            pattern=[window] * (FULL_EVERY - 1) + [-1],
            force_full_attention_on_first_layer=False,
            force_full_attention_on_last_layer=True,
        )
        if window
        else None,
    )
    if model["yarn"]:
        config = config.with_rope_scaling(
            YaRNRoPEScalingConfig(
                factor=model["yarn"]["factor"], old_context_len=model["yarn"]["originalContext"]
            )
        )
    return config


def optimizer_config(stage: dict) -> OptimConfig:
    """AdamW without decay on the embeddings; one that skips steps where the stage asks for it."""
    optimizer, guard = stage["optimizer"], stage["skipStep"]
    options = dict(
        lr=optimizer["learningRate"],
        betas=(optimizer["beta1"], optimizer["beta2"]),
        eps=EPSILON,
        weight_decay=optimizer["weightDecay"],
        group_overrides=[OptimGroupOverride(["embeddings.weight"], {"weight_decay": 0.0})],
    )
    if not guard:
        return AdamWConfig(**options)
    return SkipStepAdamWConfig(
        rolling_interval_length=guard["window"], sigma_factor=guard["deviations"], **options
    )


def load(folder: Path, module, with_moments: bool, updates: int):
    """Reads weights, and the moments after so many updates, into a train module, shard by shard."""
    with safe_open(folder / WEIGHTS, framework="pt") as weights:
        for name, parameter in module.model.named_parameters():
            _assign(parameter, weights.get_tensor(hugging_face_name(name)))
    if not with_moments:
        return
    counts_there = isinstance(module.optim, SkipStepOptimizer)
    with safe_open(folder / OPTIMIZER, framework="pt") as moments:
        for name, parameter in module.model.named_parameters():
            state = module.optim.state[parameter]
            state["step"] = torch.tensor(float(updates), device=parameter.device if counts_there else "cpu")
            for moment in MOMENTS:
                state[moment] = torch.zeros_like(parameter)
                _assign(state[moment], moments.get_tensor(f"{moment}.{hugging_face_name(name)}"))


@torch.no_grad()
def _assign(target, value):
    value = value.to(device=target.device, dtype=target.dtype)
    if isinstance(target, DTensor):
        value = distribute_tensor(value, target.device_mesh, target.placements)
    target.copy_(value)
