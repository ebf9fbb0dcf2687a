"""Has llama.cpp read the exported GGUF files and go on from the prompt; compares its logits and greedy tokens.

Usage: check_llama.py FOLDER, a folder that dev.modelflow.parity.ParityExport wrote.
"""

import json
import sys
from pathlib import Path

import numpy
from llama_cpp import Llama
from safetensors.numpy import load_file

LENGTHS = (48, 256, 768)
# Largest mean squared difference of logits over their mean square: llama.cpp rounds activations and its cache.
TOLERANCES = {"f32": 1e-5, "f16": 1e-4, "bf16": 1e-3, "q8_0": 5e-3}


def logits(model, tokens):
    model.reset()
    model.eval(tokens)
    return numpy.array(model.scores[: len(tokens)])


def distance(ours, theirs):
    return float(((ours - theirs) ** 2).mean() / (ours**2).mean())


def greedy(model, prompt, count):
    model.reset()
    model.eval(prompt)
    said = []
    for _ in range(count):
        said.append(int(numpy.argmax(model.scores[model.n_tokens - 1])))
        model.eval(said[-1:])
    return said


def say(ok, text):
    print(f"{'ok    ' if ok else 'FAILED'}  llama.cpp {text}", flush=True)
    return not ok


def main(folder):
    engine = load_file(folder / "engine.safetensors")
    inputs = json.loads((folder / "inputs.json").read_text())
    failed = 0
    for kind, tolerance in TOLERANCES.items():
        model = Llama(str(folder / f"model-{kind}.gguf"), n_ctx=1024, n_batch=1024, n_ubatch=1024, logits_all=True, verbose=False)
        distances = [
            distance(engine[f"{length}.logits"], logits(model, inputs[f"tokens.{length}"])) for length in LENGTHS
        ]
        found = ", ".join(f"{d:.1e} at {length}" for d, length in zip(distances, LENGTHS))
        failed += say(max(distances) <= tolerance, f"in {kind}: logits differ by {found} of their mean square")
        if kind == "f32":
            said = greedy(model, inputs["prompt"], len(inputs["continuation"]))
            failed += say(said == inputs["continuation"], f"in {kind}: {len(said)} greedy tokens")
            tokens = [model.tokenize(text.encode(), add_bos=False, special=True) for text in inputs["texts"]]
            failed += say(tokens == inputs["textTokens"], f"in {kind}: tokens of {len(tokens)} texts")
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
