"""Trains one stage with OLMo-core's trainer: `torchrun olmo_core_stage.py STAGE.json`, made by the adapter."""

import json
import sys
from pathlib import Path

import olmo_core_model
import torch
import worker_watch
from olmo_core.config import DType
from olmo_core.distributed.parallel import DataParallelType
from olmo_core.distributed.utils import get_rank, get_world_size
from olmo_core.nn.attention import AttentionBackendName
from olmo_core.optim import ConstantWithWarmup, CosWithWarmup, LinearWithWarmup
from olmo_core.train import Duration, LoadStrategy, TrainerConfig, prepare_training_environment, teardown_training_environment
from olmo_core.train.callbacks import CheckpointerCallback, ConsoleLoggerCallback
from olmo_core.train.train_module import TransformerDataParallelConfig, TransformerTrainModuleConfig
from olmo_core.utils import get_default_device
from olmo_core_rows import RowLoader
from olmo_core_teller import Teller

TOKENS_AT_ONCE = 16384
QUIET = 1000
CURVES = {
    "train/CE loss": "loss",
    "train/Z loss": "zLoss",
    "optim/total grad norm": "gradientNorm",
    "optim/LR (group 0)": "learningRate",
}


def attention(device: dict) -> AttentionBackendName:
    """Flash attention where the hardware and the precision allow it; it alone knows documents in a row."""
    if device["kind"] == "cpu" or device["precision"] != "bfloat16":
        return AttentionBackendName.torch
    for backend in (AttentionBackendName.flash_3, AttentionBackendName.flash_2):
        try:
            backend.assert_supported()
            return backend
        except RuntimeError:
            continue
    return AttentionBackendName.torch


def data_parallel(device: dict):
    """Sharded on GPUs; on the processor each process has the whole model."""
    if device["kind"] == "cpu":
        return TransformerDataParallelConfig(name=DataParallelType.ddp) if get_world_size() > 1 else None
    precision = DType.bfloat16 if device["precision"] == "bfloat16" else None
    return TransformerDataParallelConfig(name=DataParallelType.fsdp, param_dtype=precision, reduce_dtype=DType.float32)


def scheduler(stage: dict):
    schedule = stage["schedule"]
    warmup = schedule["warmupSteps"]
    if schedule["curve"] == "constant":
        return ConstantWithWarmup(warmup=warmup)
    curve = {"cosine": CosWithWarmup, "linear": LinearWithWarmup}[schedule["curve"]]
    return curve(warmup=warmup, alpha_f=schedule["finalLearningRate"] / stage["optimizer"]["learningRate"])


def train_module(stage: dict, backend: AttentionBackendName):
    model = olmo_core_model.model_config(stage["model"], backend).build(init_device="meta")
    length = stage["rowLength"]
    return TransformerTrainModuleConfig(
        rank_microbatch_size=length * max(1, min(stage["rows"] // get_world_size(), TOKENS_AT_ONCE // length)),
        max_sequence_length=length,
        optim=olmo_core_model.optimizer_config(stage),
        dp_config=data_parallel(stage["device"]),
        z_loss_multiplier=stage["zLoss"] or None,
        max_grad_norm=stage["gradientClip"] or None,
        scheduler=scheduler(stage),
    ).build(model, device=get_default_device())


def trainer(stage: dict, module, loader):
    return TrainerConfig(
        save_folder=stage["saveFolder"],
        save_overwrite=True,
        load_strategy=LoadStrategy.never,
        max_duration=Duration.steps(stage["steps"]),
        metrics_collect_interval=stage["metricsEvery"],
        cancel_check_interval=1,
        callbacks={
            "checkpointer": CheckpointerCallback(
                save_interval=stage["checkpointEvery"], max_checkpoints=None, pre_train_checkpoint=False
            ),
            "console_logger": ConsoleLoggerCallback(log_interval=QUIET),
            "teller": Teller(file=stage["progressFile"], stop=stage["stopFile"], curves=CURVES),
        },
    ).build(module, loader)


def main(stage: dict):
    backends = "cpu:gloo" if stage["device"]["kind"] == "cpu" else "cpu:gloo,cuda:nccl"
    prepare_training_environment(seed=stage["seed"], backend=backends)
    backend = attention(stage["device"])
    module = train_module(stage, backend)
    start = stage["start"]
    olmo_core_model.load(Path(start["checkpoint"]), module, start["moments"], start["optimizerSteps"])
    group = module.dp_process_group
    loader = RowLoader(
        stage,
        packed=backend != AttentionBackendName.torch,
        work_dir=stage["workFolder"],
        dp_world_size=get_world_size(group),
        dp_rank=get_rank(group),
    )
    loader.batches_processed = stage["firstStep"]
    run = trainer(stage, module, loader)
    run.global_step = stage["firstStep"]
    run.fit()
    teardown_training_environment()


if __name__ == "__main__":
    worker_watch.begin()
    main(json.loads(Path(sys.argv[1]).read_text()))
