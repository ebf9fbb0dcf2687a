"""Writes golden files of the training options: a loss over some targets with its z-loss, and skipped steps.

golden.py calls this. Losses and gradients are autograd's; which steps are skipped is computed with torch.std_mean by the
rule of OLMo-core's SkipStepOptimizer (src/olmo_core/optim/skip_step_optimizer.py at fa6c501).
"""

import json
import math

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

Z = 0.01
WINDOW = 32
DEVIATIONS = 6.0


def masked(model, tokens, file):
    """Every third token is no target; the sums of both losses are divided by the number of targets."""
    labels = torch.tensor(tokens[1:])
    labels[::3] = -100
    model.zero_grad(set_to_none=True)
    logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, :-1]
    loss = F.cross_entropy(logits, labels, ignore_index=-100)
    targets = labels != -100
    z_loss = Z * (logits.logsumexp(-1).pow(2) * targets).sum() / targets.sum()
    (loss + z_loss).backward()
    length = len(tokens)
    expected = {f"{length}.masked.loss": loss.reshape(1), f"{length}.masked.zLoss": z_loss.reshape(1)}
    for name, weight in model.named_parameters():
        expected[f"{length}.masked.gradient.{name}"] = weight.grad
    save_file({name: tensor.detach().clone().contiguous() for name, tensor in expected.items()}, file)


def skip_step(file):
    """A falling loss with noise, and spikes of either number: small, large, in a row, before half a window was seen."""
    losses = [round(2 + math.exp(-step / 40) + 0.05 * math.sin(7.3 * step), 6) for step in range(160)]
    norms = [round(1 + 0.2 * math.sin(3.1 * step), 6) for step in range(160)]
    for step, spike in ((5, 3.0), (60, 0.4), (70, 1.5), (71, 1.5), (72, 1.5), (120, 8.0)):
        losses[step] = round(losses[step] + spike, 6)
    for step, spike in ((90, 0.3), (100, 4.0), (101, 4.0)):
        norms[step] = round(norms[step] + spike, 6)
    skipped = [step for step in range(160) if not allowed(losses, norms, step)]
    content = {
        "window": WINDOW,
        "deviations": DEVIATIONS,
        "losses": losses,
        "gradientNorms": norms,
        "skipped": skipped,
    }
    file.write_text(json.dumps(content, indent=1) + "\n")


def allowed(losses, norms, step):
    if step + 1 < max(2, WINDOW // 2):
        return True
    return usual(losses, step) and usual(norms, step)


def usual(values, step):
    before = torch.tensor(values[max(0, step - WINDOW):step], dtype=torch.float64)
    deviation, mean = torch.std_mean(before)
    return bool(values[step] - mean <= DEVIATIONS * deviation)
