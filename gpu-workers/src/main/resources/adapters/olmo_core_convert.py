"""
Turns OLMo-core's checkpoints into safetensors: `olmo_core_convert.py STAGE.json`, then on standard input a line
`CHECKPOINT TARGET` for each, tab between; answers with a line `TARGET` once that folder is whole. Ends with its input.
"""

import json
import sys
from pathlib import Path

import olmo_core_model
import torch
from olmo_core.nn.attention import AttentionBackendName
from olmo_core.train import Checkpointer
from olmo_core.train.train_module import TransformerTrainModuleConfig
from safetensors.torch import save_file


def train_module(stage: dict):
    """The whole model and its optimizer on the processor, however many processes trained it."""
    model = olmo_core_model.model_config(stage["model"], AttentionBackendName.torch).build(init_device="meta")
    return TransformerTrainModuleConfig(
        rank_microbatch_size=stage["rowLength"],
        max_sequence_length=stage["rowLength"],
        optim=olmo_core_model.optimizer_config(stage),
    ).build(model, device=torch.device("cpu"))


def convert(module, checkpoint: str, target: Path, work: str):
    Checkpointer(work_dir=Path(work)).load(checkpoint, module, load_trainer_state=False, load_optim_state=True)
    weights, moments = {}, {}
    for name, parameter in module.model.named_parameters():
        ours = olmo_core_model.hugging_face_name(name)
        weights[ours] = parameter.detach()
        for moment in olmo_core_model.MOMENTS:
            moments[f"{moment}.{ours}"] = module.optim.state[parameter][moment]
    target.mkdir(parents=True, exist_ok=True)
    save_file(weights, target / olmo_core_model.WEIGHTS)
    save_file(moments, target / olmo_core_model.OPTIMIZER)


def main(stage: dict):
    module = train_module(stage)
    for line in sys.stdin:
        checkpoint, target = line.rstrip("\n").split("\t")
        convert(module, checkpoint, Path(target), stage["workFolder"])
        print(target, flush=True)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
