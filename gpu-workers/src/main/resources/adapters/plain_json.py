"""JSON has no numbers that are not finite: they are written as texts, which Java and Python read as numbers again."""

import json
import math


def dumps(tree) -> str:
    return json.dumps(_plain(tree), allow_nan=False)


def _plain(tree):
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_plain(value) for value in tree]
    if isinstance(tree, float) and not math.isfinite(tree):
        return "NaN" if math.isnan(tree) else "Infinity" if tree > 0 else "-Infinity"
    return tree
