"""Compares golden files, committed and made anew; prints a line for each file and exits 1 if one differs.

Usage: goldens_equal.py COMMITTED NEW
"""

import json
import sys
from pathlib import Path

from safetensors.torch import load_file

# Of a tensor's largest value: other processors and versions of PyTorch round differently.
TOLERANCE = 1e-4


def worst(committed, new):
    if committed.keys() != new.keys():
        return float("inf")
    return max((committed[k] - new[k]).abs().max().item() / max(new[k].abs().max().item(), 1e-9) for k in new)


def tree(file):
    content = json.loads(file.read_text())
    content.pop("transformers_version", None)
    return content


def difference(committed, new):
    if not committed.exists():
        return float("inf")
    if new.suffix == ".safetensors":
        return worst(load_file(committed), load_file(new))
    read = tree if new.suffix == ".json" else Path.read_text
    return 0.0 if read(committed) == read(new) else float("inf")


def main(committed, new):
    failed = 0
    for file in sorted(path for path in new.rglob("*") if path.is_file()):
        name = file.relative_to(new)
        found = difference(committed / name, file)
        print(f"{'ok    ' if found <= TOLERANCE else 'FAILED'}  golden {name}: differs by at most {found:.1e}")
        failed += found > TOLERANCE
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(1 if main(Path(sys.argv[1]), Path(sys.argv[2])) else 0)
