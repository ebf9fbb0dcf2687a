"""Compares the mixture of experts that the engine exported with transformers; prints a line for each check and exits 1 if one fails.

Usage: check_experts.py FOLDER, the folder "sparse" of one that dev.modelflow.parity.ParityExport wrote.
"""

import sys
from pathlib import Path

import torch
from transformers.models.flex_olmo.modeling_flex_olmo import load_balancing_loss_func

import experts
import reference
from check import TOLERANCE, Checks, compare_model, largest, share

LENGTHS = (48, 256)


def compare(checks, model, engine, tokens, length):
    logits, losses, gradients = experts.compute(model, tokens)
    difference = largest(engine[f"{length}.logits"], logits)
    checks.check(f"experts: logits at {length} tokens", difference <= TOLERANCE, f"differ by at most {difference:.1e}")
    for name, loss in losses.items():
        difference = abs(engine[f"{length}.{name}"].item() - loss.item())
        detail = f"{loss.item():.6f}, differs by {difference:.1e}"
        checks.check(f"experts: {name} at {length} tokens", difference <= TOLERANCE, detail)
    shares = {name: share(engine[f"{length}.gradient.{name}"], theirs) for name, theirs in gradients.items()}
    worst = max(shares, key=shares.get)
    detail = f"differ by at most {shares[worst]:.1e} of a tensor's largest, in {worst}"
    checks.check(f"experts: gradients of {len(shares)} weights at {length} tokens", shares[worst] <= TOLERANCE, detail)


def detect(checks, name, folder, engine, inputs):
    model = reference.load(folder, **experts.FAULTS[name])
    differences = {n: largest(engine[f"{n}.logits"], reference.logits(model, inputs[f"tokens.{n}"])) for n in LENGTHS}
    found = ", ".join(f"{difference:.1e} at {length}" for length, difference in differences.items())
    checks.check(f"fault '{name}' is found", max(differences.values()) > TOLERANCE, f"logits differ by {found}")


def detect_mixed_blocks(checks, model, engine, tokens, length):
    """Transformers' own loss of a whole model is another: it takes the means over all blocks before it multiplies them."""
    with torch.no_grad():
        output = model(input_ids=reference.batch(tokens), use_cache=False, output_router_logits=True)
    config = model.config
    mixed = load_balancing_loss_func(output.router_logits, config.num_experts, config.num_experts_per_tok)
    difference = abs(engine[f"{length}.balanceLoss"].item() - mixed.item() / config.num_experts_per_tok)
    checks.check("fault 'blocks balanced together' is found", difference > TOLERANCE, f"loss differs by {difference:.1e}")


def main(folder):
    checks = Checks()
    model, engine, inputs = compare_model(checks, folder, "FlexOlmoForCausalLM", LENGTHS, compare, "experts: ")
    for name in experts.FAULTS:
        detect(checks, name, folder / "model", engine, inputs)
    detect_mixed_blocks(checks, model, engine, inputs[f"tokens.{LENGTHS[0]}"], LENGTHS[0])
    return checks.failed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
