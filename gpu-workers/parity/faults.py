"""Mistakes that implementations of Olmo 3 are known to make; each changes the model as transformers computes it."""

import torch


def yarn_on_all_layers(config):
    config.rope_parameters["sliding_attention"] = dict(config.rope_parameters["full_attention"])


def no_window(config):
    config.sliding_window = config.max_position_embeddings


def last_layer_not_full(config):
    config.layer_types = [*config.layer_types[:-1], "sliding_attention"]


def per_head_norm(model):
    for layer in model.model.layers:
        attention = layer.self_attn
        for norm in (attention.q_norm, attention.k_norm):
            norm.forward = _by_head(norm, attention.head_dim)


def _by_head(norm, size):
    def forward(x):
        heads = x.unflatten(-1, (-1, size))
        scale = torch.rsqrt(heads.pow(2).mean(-1, keepdim=True) + norm.variance_epsilon)
        return norm.weight * (heads * scale).flatten(-2)

    return forward


def swapped_gate_and_up(model):
    for layer in model.model.layers:
        mlp = layer.mlp
        mlp.gate_proj, mlp.up_proj = mlp.up_proj, mlp.gate_proj


ALL = {
    "YaRN on all layers": {"change_config": yarn_on_all_layers},
    "no window": {"change_config": no_window},
    "norm of queries and keys by head": {"change_model": per_head_norm},
    "gate and up swapped": {"change_model": swapped_gate_and_up},
    "last layer not full": {"change_config": last_layer_not_full},
}
