"""Whether the PyTorch that `modelflow bench engine` compares the engine with trains the same model: losses and gradients of
its decoder against transformers' Olmo3ForCausalLM with the same weights, with and without a window; and that it answers.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys

import torch
from transformers import Olmo3Config, Olmo3ForCausalLM

SCRIPT = pathlib.Path(__file__).parent.parent / "src/main/resources/bench/pytorch_bench.py"
SHAPE = {"layers": 5, "width": 32, "heads": 4, "feedForward": 48, "vocabulary": 300, "context": 40, "slidingWindow": 0, "rows": 2}
AT_MOST = 1e-5


def main():
    failed = [check for check in (same_model(0), same_model(8), answers()) if not check]
    sys.exit(1 if failed else 0)


def same_model(window):
    shape = SHAPE | {"slidingWindow": window}
    bench = script()
    torch.manual_seed(1)
    reference = Olmo3ForCausalLM(config(shape, bench.ROPE_BASE))
    with torch.no_grad():
        for weight in reference.parameters():
            weight.copy_(torch.randn_like(weight) * 0.3 + (weight.ndim == 1))
    decoder = bench.Decoder(shape)
    decoder.load_state_dict({name.removeprefix("model."): weight for name, weight in reference.state_dict().items()})
    rows = torch.randint(shape["vocabulary"], (shape["rows"], shape["context"] + 1))
    tokens, targets = rows[:, :-1], rows[:, 1:]
    logits = reference(input_ids=tokens, use_cache=False).logits
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    loss = decoder(tokens, targets)
    expected.backward()
    loss.backward()
    gradients = dict(decoder.named_parameters())
    far = max(
        (gradients[name.removeprefix("model.")].grad - weight.grad).abs().max() / weight.grad.abs().max()
        for name, weight in reference.named_parameters()
    )
    apart = (loss - expected).abs()
    ok = bool(apart <= AT_MOST * expected and far <= 1e-3)
    said = f"loss {loss:.6f} differs by {apart:.1e}, gradients by at most {far:.1e} of a tensor's largest"
    return say(ok, f"bench: transformers' model with window {window}: {said}")


def config(shape, rope_base):
    layers, window = shape["layers"], shape["slidingWindow"]
    full = [window == 0 or layer % 4 == 3 or layer == layers - 1 for layer in range(layers)]
    return Olmo3Config(
        vocab_size=shape["vocabulary"],
        hidden_size=shape["width"],
        intermediate_size=shape["feedForward"],
        num_hidden_layers=layers,
        num_attention_heads=shape["heads"],
        max_position_embeddings=shape["context"],
        sliding_window=window or shape["context"],
        layer_types=["full_attention" if each else "sliding_attention" for each in full],
        rope_parameters={
            kind: {"rope_type": "default", "rope_theta": rope_base} for kind in ("full_attention", "sliding_attention")
        },
        rms_norm_eps=1e-6,
        tie_word_embeddings=False,
        pad_token_id=None,
        eos_token_id=None,
        attn_implementation="eager",
    )


def script():
    spec = importlib.util.spec_from_file_location("pytorch_bench", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers():
    asked = "eager float32 0.01\neager bf16 0.01\nsomething else 1\n"
    command = [sys.executable, "-B", str(SCRIPT), json.dumps(SHAPE), "1", "cpu"]
    said = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    rounds = [json.loads(line) for line in said.splitlines()]
    ok = [sorted(each) for each in rounds] == [["seconds", "tokens"], ["seconds", "tokens"], ["failure"]]
    return say(ok, f"bench: rounds in PyTorch are answered: {len(rounds)} of 3")


def say(ok, what):
    print(f"{'ok' if ok else 'FAILED':8}{what}", flush=True)
    return ok


main()
