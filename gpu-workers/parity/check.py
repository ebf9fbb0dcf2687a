"""Compares what the engine exported with transformers; prints a line for each check and exits 1 if one fails.

Usage: check.py FOLDER, a folder that dev.modelflow.parity.ParityExport wrote.
"""

import json
import sys
from pathlib import Path

import transformers
from safetensors.torch import load_file

import faults
import reference

LENGTHS = (48, 256, 768)
# Largest difference of a logit and of a loss; of a gradient, as a share of its tensor's largest value.
TOLERANCE = 1e-4


class Checks:
    def __init__(self):
        self.failed = 0

    def check(self, name, ok, detail):
        print(f"{'ok    ' if ok else 'FAILED'}  {name}: {detail}", flush=True)
        self.failed += not ok


def largest(ours, theirs):
    return (ours - theirs).abs().max().item()


def share(ours, theirs):
    return largest(ours, theirs) / theirs.abs().max().item()


def compare(checks, model, engine, tokens, length):
    logits, loss, gradients = reference.compute(model, tokens)
    difference = largest(engine[f"{length}.logits"], logits)
    checks.check(f"logits at {length} tokens", difference <= TOLERANCE, f"differ by at most {difference:.1e}")
    difference = abs(engine[f"{length}.loss"].item() - loss.item())
    checks.check(f"loss at {length} tokens", difference <= TOLERANCE, f"{loss.item():.6f}, differs by {difference:.1e}")
    shares = {name: share(engine[f"{length}.gradient.{name}"], theirs) for name, theirs in gradients.items()}
    worst = max(shares, key=shares.get)
    checks.check(
        f"gradients of {len(shares)} weights at {length} tokens",
        shares[worst] <= TOLERANCE,
        f"differ by at most {shares[worst]:.1e} of a tensor's largest, in {worst}",
    )


def detect(checks, name, folder, engine, inputs):
    model = reference.load(folder, **faults.ALL[name])
    differences = [
        largest(engine[f"{length}.logits"], reference.logits(model, inputs[f"tokens.{length}"])) for length in LENGTHS
    ]
    found = ", ".join(f"{difference:.1e} at {length}" for length, difference in zip(LENGTHS, differences))
    checks.check(f"fault '{name}' is found", max(differences) > TOLERANCE, f"logits differ by {found}")


def compare_model(checks, folder, kind, lengths, compare, prefix=""):
    """Loads what was exported and compares the model; returns it, the engine's values and what they are of."""
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    engine = load_file(folder / "engine.safetensors")
    inputs = json.loads((folder / "inputs.json").read_text())
    model = reference.load(folder / "model")
    checks.check(f"{prefix}model class", type(model).__name__ == kind, type(model).__name__)
    for length in lengths:
        compare(checks, model, engine, inputs[f"tokens.{length}"], length)
    return model, engine, inputs


def main(folder):
    checks = Checks()
    _, engine, inputs = compare_model(checks, folder, "Olmo3ForCausalLM", LENGTHS, compare)
    for name in faults.ALL:
        detect(checks, name, folder / "model", engine, inputs)
    return checks.failed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
