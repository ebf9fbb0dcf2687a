"""The files of OLMo-core and Hugging Face, as far as the stand-ins read and write them, with the standard library alone."""

import json
import struct


def read_tensors(file):
    data = file.read_bytes()
    size = struct.unpack_from("<q", data)[0]
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = struct.unpack_from(f"<{(end - start) // 4}f", data, 8 + size + start)
        tensors[name] = {"shape": entry["shape"], "values": list(values)}
    return tensors


def write_tensors(file, tensors, dtype="F32"):
    header, blocks, end = {}, [], 0
    for name in sorted(tensors):
        block = struct.pack(f"<{len(tensors[name]['values'])}f", *tensors[name]["values"])
        if dtype == "BF16":
            block = upper_halves(block)
        header[name] = {"dtype": dtype, "shape": tensors[name]["shape"], "data_offsets": [end, end + len(block)]}
        blocks.append(block)
        end += len(block)
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<q", len(text)) + text + b"".join(blocks))


def upper_halves(block):
    return b"".join(block[at + 2 : at + 4] for at in range(0, len(block), 4))


def write_shards(folder, tensors):
    """A model in bfloat16 in two files, as transformers saves one that is larger than a file may be."""
    names, shards = sorted(tensors), {}
    for shard, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :]), start=1):
        file = f"model-0000{shard}-of-00002.safetensors"
        write_tensors(folder / file, {name: tensors[name] for name in part}, "BF16")
        shards.update((name, file) for name in part)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": shards}))


def save_distributed(folder, state):
    """As OLMo-core does: the state of the trainer, the shards with their index, and its own description last."""
    for part in ("train", "model_and_optim"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "train" / "rank0.pt").write_text("state of the trainer")
    (folder / "model_and_optim" / "__0_0.distcp").write_text(json.dumps(state))
    (folder / "model_and_optim" / ".metadata").write_text("index")
    (folder / ".metadata.json").write_text('{"version": "3.0.0"}')


def learn(state, added):
    """Kept as float32, so that a checkpoint loses nothing."""
    for tensor in state.values():
        tensor["values"] = [struct.unpack("<f", struct.pack("<f", value + added))[0] for value in tensor["values"]]


def with_moments(weights):
    zero = {}
    for moment in ("exp_avg", "exp_avg_sq"):
        for name, weight in weights.items():
            zero[f"{moment}.{name}"] = {"shape": weight["shape"], "values": [0.0] * len(weight["values"])}
    return {**weights, **zero}


def weights_of(state):
    return {name: it for name, it in state.items() if not name.startswith("exp_avg")}
