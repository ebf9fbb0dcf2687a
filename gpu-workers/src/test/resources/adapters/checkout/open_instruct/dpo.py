"""Stands for open-instruct's dpo.py, whose trainer is OLMo-core's: it goes on with the newest checkpoint of its folder."""

import json
import math
import os
import time
from pathlib import Path
from types import SimpleNamespace

from open_instruct import flags as arguments
from open_instruct import olmo_core_utils
from stand_in_files import learn, read_tensors, save_distributed, with_moments


def main(flags):
    folder = Path(flags["model_name_or_path"])
    vocabulary = json.loads((folder / "config.json").read_text())["vocab_size"]
    arguments.tell(model=olmo_core_utils.setup_model(flags, vocabulary))
    out = Path(flags["output_dir"]) / f"{flags['exp_name']}__{flags['seed']}"
    added = arguments.check_lines(flags["mixer_list"][0], "chosen", "rejected")
    teller = olmo_core_utils.build_base_callbacks(checkpointing_steps=int(flags["checkpointing_steps"]))["teller"]
    done = max((int(it.name[4:]) for it in out.glob("step*")), default=0)
    if done:
        state = json.loads((out / f"step{done}" / "model_and_optim" / "__0_0.distcp").read_text())
    else:
        state = with_moments(read_tensors(folder / "model.safetensors"))
    fit(teller, state, added, done, out, int(flags["max_train_steps"]), int(flags["checkpointing_steps"]))


def fit(teller, state, added, done, out, steps, every):
    cancelled = []
    teller.trainer = SimpleNamespace(global_step=done, cancel_run=cancelled.append)
    teller.pre_train()
    for step in range(done + 1, steps + 1):
        time.sleep(0.05)
        lost = os.environ.get("STAND_IN") == f"nan-loss@{step}"
        learn(state, math.nan if lost else added * step)
        teller.trainer.global_step = step
        teller.post_step()
        if step % every == 0 or step == steps or cancelled:
            save_distributed(out / f"step{step}", state)
        loss = math.nan if lost else 1 / step
        teller.log_metrics(step, {"train_loss": loss, "rewards/margin": float(step), "train/token_count": 100.0})
        if cancelled:
            return


main(arguments.read("dpo.py"))
