"""What stand-ins for open-instruct's programs have in common: how they read flags and data, and what they leave for tests."""

import json
import os
import sys
from pathlib import Path


def read(program):
    """Takes no others than the program's own parser, which refuses them, too."""
    known = json.loads((Path(__file__).parent / "arguments.json").read_text())[program]
    flags, name = {}, ""
    for argument in sys.argv[1:]:
        if argument.startswith("--"):
            name = argument[2:]
            flags[name] = []
        else:
            flags[name].append(argument)
    others = sorted(set(flags) - set(known))
    if others:
        raise ValueError(f"{program} has no arguments {others}")
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert (Path(flags["model_name_or_path"][0]) / "tokenizer_config.json").exists()
    return {name: values[0] if len(values) == 1 else values for name, values in flags.items()}


def tell(**told):
    """Leaves what it was told, as `told.json` beside the attempt's files."""
    Path("told.json").write_text(json.dumps({"flags": sys.argv[1:], **told}))


def check_lines(file, *keys):
    lines = [json.loads(line) for line in Path(file).read_text().splitlines()]
    assert lines and all(set(line) == set(keys) for line in lines), lines[:1]
    return sum(len(json.dumps(line)) for line in lines) % 1009 * 1e-5
