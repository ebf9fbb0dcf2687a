"""
Runs a program of open-instruct as it is, but gives it what it cannot be told by flags, and tells the adapter how it gets
on: `open_instruct_stage.py STAGE.json PROGRAM FLAG...`, where PROGRAM is its dpo.py or grpo_fast.py.
"""

import json
import math
import os
import runpy
import sys
import time
from pathlib import Path

import plain_json
import worker_watch

GRPO_CURVES = {
    "objective/verifiable_reward": "reward",
    "objective/verifiable_correct_rate": "passRate",
    "val/ratio": "ratio",
    "val/sequence_lengths": "responseLength",
    "loss/total_avg": "loss",
    "optim/grad_norm": "gradientNorm",
    "lr": "learningRate",
}
OF_ANSWERS = {"reward", "passRate", "ratio", "responseLength"}
DPO_CURVES = {
    "train_loss": "loss",
    "rewards/margin": "margin",
    "rewards/accuracy": "accuracy",
    "optim/total grad norm": "gradientNorm",
    "learning_rate": "learningRate",
}


def give_model(model: dict):
    """dpo.py knows only models with the names of OLMo-core's presets; this is the checkpoint's, whatever its folder is called."""
    import olmo_core_model
    from olmo_core.nn.attention import AttentionBackendName
    from open_instruct import olmo_core_utils

    def of_stage(name: str, vocab_size: int, attn_backend: str):
        return olmo_core_model.model_config(model, AttentionBackendName(attn_backend))

    olmo_core_utils.get_transformer_config = of_stage


def follow_dpo(progress: str, stop: str):
    """Its trainer is OLMo-core's, so a callback tells."""
    from olmo_core_teller import Teller
    from open_instruct import olmo_core_utils

    build = olmo_core_utils.build_base_callbacks

    def with_teller(*arguments, **options):
        teller = Teller(file=progress, stop=stop, curves=DPO_CURVES, tokens="train/token_count")
        return {**build(*arguments, **options), "teller": teller}

    olmo_core_utils.build_base_callbacks = with_teller


def read_files():
    """grpo_fast.py reads prompts from a file, but first looks for tools in it as if it were a data set's name."""
    import datasets

    load = datasets.load_dataset

    def load_file(path: str, **options):
        return load("json", data_files=path, **options) if os.path.isfile(path) else load(path, **options)

    datasets.load_dataset = load_file


def follow_grpo(progress: str):
    """Its main process prints every step's metrics in one place."""
    from open_instruct import model_utils

    show = model_utils.print_rich_single_line_metrics
    began = False

    def tell(metrics):
        nonlocal began
        show(metrics)
        step = int(metrics["training_step"])
        values = {ours: number(ours, metrics[theirs]) for theirs, ours in GRPO_CURVES.items() if theirs in metrics}
        with open(progress, "a") as out:
            if not began:
                out.write(plain_json.dumps({"started": step - 1}) + "\n")
            tokens = int(metrics.get("val/num_step_tokens", 0))
            out.write(plain_json.dumps({"step": step, "values": values, "tokens": tokens}) + "\n")
            out.write(plain_json.dumps({"step": step, "time": time.time()}) + "\n")
        began = True

    model_utils.print_rich_single_line_metrics = tell


def number(name: str, value):
    """A mean over no answers means nothing."""
    return None if name in OF_ANSWERS and math.isnan(value) else float(value)


def main(stage: dict, program: str, flags: list):
    worker_watch.begin()
    sys.path.insert(0, str(Path(program).parent.parent))
    if Path(program).name == "dpo.py":
        give_model(stage["model"])
        follow_dpo(stage["progressFile"], stage["stopFile"])
    else:
        read_files()
        follow_grpo(stage["progressFile"])
    sys.argv = [program, *flags]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], sys.argv[3:])
