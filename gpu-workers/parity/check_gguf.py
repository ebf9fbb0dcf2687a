"""Reads the exported GGUF files with the gguf package, llama.cpp's own, and compares every key and every byte.

Usage: check_gguf.py FOLDER, a folder that dev.modelflow.parity.ParityExport wrote.
"""

import json
import sys
from pathlib import Path

import gguf
import numpy
from gguf import GGMLQuantizationType, GGUFReader
from safetensors.numpy import load_file

TYPES = ("f32", "f16", "bf16", "q8_0")


def expected_keys(config, tokenizer):
    """What the file must say of a model with this config.json."""
    arch = "olmo2"
    yarn = config["rope_scaling"]
    return {
        "general.architecture": arch,
        f"{arch}.block_count": config["num_hidden_layers"],
        f"{arch}.context_length": config["max_position_embeddings"],
        f"{arch}.embedding_length": config["hidden_size"],
        f"{arch}.feed_forward_length": config["intermediate_size"],
        f"{arch}.attention.head_count": config["num_attention_heads"],
        f"{arch}.attention.head_count_kv": config["num_key_value_heads"],
        f"{arch}.attention.layer_norm_rms_epsilon": float(numpy.float32(config["rms_norm_eps"])),
        f"{arch}.attention.sliding_window": config["sliding_window"],
        f"{arch}.attention.sliding_window_pattern": [kind == "sliding_attention" for kind in config["layer_types"]],
        f"{arch}.rope.freq_base": config["rope_theta"],
        f"{arch}.rope.scaling.type": "yarn",
        f"{arch}.rope.scaling.factor": yarn["factor"],
        f"{arch}.rope.scaling.original_context_length": yarn["original_max_position_embeddings"],
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.merges": tokenizer["model"]["merges"],
        "tokenizer.ggml.bos_token_id": config["eos_token_id"],
        "tokenizer.ggml.eos_token_id": config["eos_token_id"],
        "tokenizer.ggml.padding_token_id": config["pad_token_id"],
    }


def wrong_keys(reader, config, tokenizer):
    wrong = [
        key
        for key, value in expected_keys(config, tokenizer).items()
        if key not in reader.fields or reader.fields[key].contents() != value
    ]
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    if any(tokens[number] != token for token, number in tokenizer["model"]["vocab"].items()):
        wrong.append("tokenizer.ggml.tokens")
    return wrong


def expected_type(name, weight, kind):
    return GGMLQuantizationType.F32 if weight.ndim == 1 else GGMLQuantizationType[kind.upper()]


def wrong_tensors(reader, weights, layers, kind):
    """Names by the gguf package's own table; bytes by its own quantization."""
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.OLMO2, layers)
    found = {tensor.name: tensor for tensor in reader.tensors}
    wrong = []
    for name, weight in weights.items():
        tensor = found.pop(names.get_name(name, try_suffixes=(".weight",)), None)
        wanted = expected_type(name, weight, kind)
        if tensor is None or tensor.tensor_type != wanted or list(tensor.shape) != list(reversed(weight.shape)):
            wrong.append(name)
        elif tensor.data.tobytes() != gguf.quants.quantize(weight, wanted).tobytes():
            wrong.append(name)
    return wrong + list(found)


def main(folder):
    config = json.loads((folder / "model/config.json").read_text())
    tokenizer = json.loads((folder / "model/tokenizer.json").read_text())
    weights = load_file(folder / "model/model.safetensors")
    failed = 0
    for kind in TYPES:
        reader = GGUFReader(folder / f"model-{kind}.gguf")
        wrong = wrong_keys(reader, config, tokenizer)
        wrong += wrong_tensors(reader, weights, config["num_hidden_layers"], kind)
        said = f"wrong: {', '.join(wrong)}" if wrong else f"{len(reader.tensors)} tensors, {len(reader.fields)} keys"
        print(f"{'FAILED' if wrong else 'ok    '}  GGUF in {kind}: {said}", flush=True)
        failed += bool(wrong)
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
