"""A mixture of experts as transformers computes it (FlexOlmo), with the losses of its routers, and mistakes to be found."""

import reference
import torch
from transformers.models.flex_olmo.modeling_flex_olmo import load_balancing_loss_func

# Weights of the losses in the gradients that are compared.
BALANCE, ROUTER_Z = 0.5, 0.1


def compute(model, tokens):
    """Logits, the losses by their names, and the gradient of their weighted sum by each weight of the files."""
    ids = reference.batch(tokens)
    model.zero_grad(set_to_none=True)
    model.router_aux_loss_coef = 0.0
    output = model(input_ids=ids, labels=ids, use_cache=False, output_router_logits=True)
    losses = {
        "loss": output.loss,
        "balanceLoss": balance(model, output.router_logits),
        "routerZLoss": router_z(output.router_logits),
    }
    (losses["loss"] + BALANCE * losses["balanceLoss"] + ROUTER_Z * losses["routerZLoss"]).backward()
    losses = {name: loss.detach().cpu() for name, loss in losses.items()}
    return output.logits[0].detach().cpu(), losses, {name: slope.cpu() for name, slope in gradients(model).items()}


def balance(model, router_logits):
    """OLMo-core's loss is the mean over blocks; transformers' is k times as large, and mixes blocks unless asked for one."""
    experts, chosen = model.config.num_experts, model.config.num_experts_per_tok
    blocks = [load_balancing_loss_func((logits,), experts, chosen) / chosen for logits in router_logits]
    return sum(blocks) / len(blocks)


def router_z(router_logits):
    return sum(torch.logsumexp(logits, -1).square().mean() for logits in router_logits) / len(router_logits)


def gradients(model):
    """Transformers keeps a block's experts in two tensors; files have three for each expert."""
    named = {}
    for name, weight in model.named_parameters():
        if name.endswith("experts.gate_up_proj"):
            for expert, gradient in enumerate(weight.grad):
                stem = name.removesuffix("gate_up_proj") + str(expert)
                gate, up = gradient.chunk(2)
                named |= {f"{stem}.gate_proj.weight": gate, f"{stem}.up_proj.weight": up}
        elif name.endswith("experts.down_proj"):
            for expert, gradient in enumerate(weight.grad):
                named[f"{name.removesuffix('down_proj')}{expert}.down_proj.weight"] = gradient
        else:
            named[name] = weight.grad
    return named


def normed_weights(model):
    for layer in model.model.layers:
        layer.mlp.gate.norm_topk_prob = True


def other_order(model):
    with torch.no_grad():
        for layer in model.model.layers:
            for weight in (layer.mlp.experts.gate_up_proj, layer.mlp.experts.down_proj):
                weight.copy_(weight.roll(1, 0))


def one_fewer(model):
    for layer in model.model.layers:
        layer.mlp.gate.top_k -= 1


def gate_and_up_swapped(model):
    with torch.no_grad():
        for layer in model.model.layers:
            gate, up = layer.mlp.experts.gate_up_proj.chunk(2, 1)
            layer.mlp.experts.gate_up_proj.copy_(torch.cat((up, gate), 1))


FAULTS = {
    "weights of the chosen experts normed": {"change_model": normed_weights},
    "experts in another order": {"change_model": other_order},
    "one expert fewer for each token": {"change_model": one_fewer},
    "gate and up of every expert swapped": {"change_model": gate_and_up_swapped},
}
