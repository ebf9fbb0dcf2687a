"""The model as transformers computes it, in float32: on the processor, or where MODELFLOW_PARITY_DEVICE says."""

import os

import torch
from transformers import AutoConfig, AutoModelForCausalLM

DEVICE = os.environ.get("MODELFLOW_PARITY_DEVICE", "cpu")


def load(folder, change_config=None, change_model=None):
    """Loads the model of a folder; the changes inject a fault into its configuration or its modules."""
    config = AutoConfig.from_pretrained(folder)
    if change_config:
        change_config(config)
    model = AutoModelForCausalLM.from_pretrained(
        folder, config=config, dtype=torch.float32, attn_implementation="eager"
    )
    if change_model:
        change_model(model)
    return model.to(DEVICE).eval()


def batch(tokens):
    return torch.tensor([tokens], device=DEVICE)


def compute(model, tokens):
    """Logits, mean cross entropy of each next token, and the gradient of every weight by its name."""
    ids = batch(tokens)
    model.zero_grad(set_to_none=True)
    output = model(input_ids=ids, labels=ids, use_cache=False)
    output.loss.backward()
    gradients = {name: weight.grad.cpu() for name, weight in model.named_parameters()}
    return output.logits[0].detach().cpu(), output.loss.detach().cpu(), gradients


def logits(model, tokens):
    with torch.no_grad():
        return model(input_ids=batch(tokens), use_cache=False).logits[0].cpu()
