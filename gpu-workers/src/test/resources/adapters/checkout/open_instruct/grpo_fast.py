"""Stands for open-instruct's grpo_fast.py: a model in Hugging Face's form each time, then the state, then its name in `latest`."""

import json
import time
from pathlib import Path

import datasets
from open_instruct import flags as arguments
from open_instruct.model_utils import print_rich_single_line_metrics
from stand_in_files import learn, read_tensors, write_shards


def main(flags):
    states = Path(flags["checkpoint_state_dir"])
    datasets.load_dataset(flags["dataset_mixer_list"][0], split=flags["dataset_mixer_list_splits"])
    added = arguments.check_lines(flags["dataset_mixer_list"][0], "messages", "ground_truth", "dataset")
    answers = json.loads((Path(flags["model_name_or_path"]) / "generation_config.json").read_text())
    arguments.tell(ends=answers["eos_token_id"])
    models = Path(flags["output_dir"]) / f"grpo__{flags['seed']}__1700000000_checkpoints"
    weights, done = read_tensors(Path(flags["model_name_or_path"]) / "model.safetensors"), 0
    if (states / "latest").exists():
        kept = json.loads((states / (states / "latest").read_text() / "engine.pt").read_text())
        weights, done = kept["weights"], kept["step"]
    group = int(flags["num_unique_prompts_rollout"]) * int(flags["num_samples_per_prompt_rollout"])
    steps, every = int(flags["total_episodes"]) // group, int(flags["save_freq"])
    for step in range(done + 1, steps + 1):
        time.sleep(0.05)
        learn(weights, added * step)
        saves = step % every == 0 and step > 1
        if saves:
            save_model(models / f"step_{step}", weights)
        print_rich_single_line_metrics(
            {"training_step": step, "objective/verifiable_reward": 1 / step, "val/num_step_tokens": 50}
        )
        if saves:
            save_state(states, f"global_step{step}", {"weights": weights, "step": step})


def save_model(folder, weights):
    folder.mkdir(parents=True)
    write_shards(folder, weights)
    (folder / ".checkpoint_complete").touch()


def save_state(states, name, state):
    (states / name).mkdir(parents=True)
    (states / name / "engine.pt").write_text(json.dumps(state))
    (states / "latest").write_text(name)


main(arguments.read("grpo_fast.py"))
