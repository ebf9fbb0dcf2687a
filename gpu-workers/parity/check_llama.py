"""Has llama.cpp read the exported GGUF files and answer prompts; compares its logits, tokens and greedy answers.

Usage: check_llama.py FOLDER, a folder that dev.modelflow.parity.ParityExport wrote. With everything in float32 the answers
must be the engine's. As llama.cpp usually runs, it also rounds activations and its cache, so that tokens which are nearly
as good as each other change places: then each token is judged by what transformers computes from the file's own weights.
"""

import json
import sys
from pathlib import Path

import gguf
import llama_cpp
import numpy
import torch
import transformers
from llama_cpp import Llama
from llama_cpp.llama_chat_format import Jinja2ChatFormatter
from safetensors.numpy import load_file

import reference

LENGTHS = (48, 256, 768)
TIED_LENGTHS = (48, 256)
# Largest mean squared difference of logits over their mean square, with the cache as usual, in float16.
TOLERANCES = {"f32": 1e-5, "f16": 1e-4, "bf16": 1e-3, "q8_0": 5e-3}
# The same with a cache in float32.
EXACT = 1e-9
# A chosen token's logit may be below the best by so many of the root mean squared differences that TOLERANCES allow.
TIE = 2


def load(folder, kind, cache, context=1024):
    file = str(folder / f"model-{kind}.gguf")
    batch = {"n_ctx": context, "n_batch": context, "n_ubatch": context}
    return Llama(file, type_k=cache, type_v=cache, logits_all=True, verbose=False, **batch)


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


def rounded(folder, kind):
    """Transformers' model with the weights of the GGUF file, read by llama.cpp's own package."""
    model = reference.load(folder / "model")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.OLMO2, model.config.num_hidden_layers)
    file = gguf.GGUFReader(folder / f"model-{kind}.gguf")
    tensors = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in file.tensors}
    with torch.no_grad():
        for name, weight in model.named_parameters():
            values = numpy.array(tensors[names.get_name(name, try_suffixes=(".weight",))], dtype=numpy.float32)
            weight.copy_(torch.from_numpy(values).reshape(weight.shape))
    return model


def compare_logits(model, name, tolerance, engine, inputs, lengths=LENGTHS):
    distances = [distance(engine[f"{length}.logits"], logits(model, inputs[f"tokens.{length}"])) for length in lengths]
    found = ", ".join(f"{d:.1e} at {length}" for d, length in zip(distances, lengths))
    return say(max(distances) <= tolerance, f"in {name}: logits differ by {found} of their mean square")


def compare_answers(model, name, answers):
    same = sum(greedy(model, each["prompt"], len(each["answer"])) == each["answer"] for each in answers)
    tokens = sum(len(each["answer"]) for each in answers)
    detail = f"{same} of {len(answers)} greedy answers are the engine's, {tokens} tokens"
    return say(same == len(answers), f"in {name}: {detail}")


def judge_answers(model, kind, same_weights, answers):
    """Each token is the best of the same weights after the same tokens, or nearly as good."""
    best = tokens = 0
    worst = 0.0
    for each in answers:
        prompt = each["prompt"]
        said = greedy(model, prompt, len(each["answer"]))
        theirs = reference.logits(same_weights, prompt + said)[len(prompt) - 1:-1].numpy()
        behind = theirs.max(-1) - theirs[numpy.arange(len(said)), said]
        best += int((behind == 0).sum())
        tokens += len(said)
        worst = max(worst, float(behind.max() / numpy.sqrt((theirs**2).mean() * TOLERANCES[kind])))
    detail = f"{best} of {tokens} greedy tokens are the best, the others behind by at most {worst:.2f} allowed differences"
    return say(worst <= TIE, f"in {kind}: {detail}")


def compare_texts(model, inputs, name=""):
    tokens = [model.tokenize(text.encode(), add_bos=False, special=True) for text in inputs["texts"]]
    failed = say(tokens == inputs["textTokens"], f"{name}tokens of {len(tokens)} texts")
    first = model.token_bos()
    failed += say(first == inputs["specials"]["endOfText"], f"{name}beginning of a template: token {first}")
    template = Jinja2ChatFormatter(model.metadata["tokenizer.chat_template"], eos_token="<|endoftext|>", bos_token="")
    text = template(messages=inputs["conversation"][:2]).prompt
    prompt = model.tokenize(text.encode(), add_bos=False, special=True)
    return failed + say(prompt == inputs["promptTokens"], f"{name}chat template's prompt: {len(prompt)} tokens")


def compare_tied(folder):
    name = "f32, cache too, with a tied head"
    inputs = json.loads((folder / "inputs.json").read_text())
    model = load(folder, "f32", llama_cpp.GGML_TYPE_F32, 512)
    failed = compare_logits(model, name, EXACT, load_file(folder / "engine.safetensors"), inputs, TIED_LENGTHS)
    return failed + compare_answers(model, name, inputs["answers"])


def compare_dolma2(folder):
    inputs = json.loads((folder / "inputs.json").read_text())
    # Logits of so many tokens take much room.
    model = load(folder, "f32", llama_cpp.GGML_TYPE_F32, 512)
    failed = compare_texts(model, inputs, "with dolma2: ")
    return failed + compare_answers(model, "f32, cache too, with dolma2", inputs["answers"])


def main(folder):
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    engine = load_file(folder / "engine.safetensors")
    inputs = json.loads((folder / "inputs.json").read_text())
    exact = load(folder, "f32", llama_cpp.GGML_TYPE_F32)
    failed = compare_texts(exact, inputs)
    failed += compare_logits(exact, "f32, cache too", EXACT, engine, inputs)
    failed += compare_answers(exact, "f32, cache too", inputs["answers"])
    for kind, tolerance in TOLERANCES.items():
        model = load(folder, kind, llama_cpp.GGML_TYPE_F16)
        failed += compare_logits(model, kind, tolerance, engine, inputs)
        failed += judge_answers(model, kind, rounded(folder, kind), inputs["answers"])
    return failed + compare_tied(folder / "tied") + compare_dolma2(folder / "dolma2")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
