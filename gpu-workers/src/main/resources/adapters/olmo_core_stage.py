"""Trains one stage with OLMo-core's trainer: `torchrun olmo_core_stage.py STAGE.json`, made by the adapter."""

import json
import math
import sys
from pathlib import Path

import olmo_core_model
import torch
import worker_watch
from olmo_core.config import DType
from olmo_core.distributed.parallel import DataParallelType
from olmo_core.distributed.utils import get_rank, get_world_size
from olmo_core.nn.attention import AttentionBackendName
from olmo_core.optim import WSD, ConstantWithWarmup, CosWithWarmup, HalfCosWithWarmup, LinearWithWarmup
from olmo_core.train import Duration, LoadStrategy, TrainerConfig, prepare_training_environment, teardown_training_environment
from olmo_core.train.callbacks import CheckpointerCallback, ConsoleLoggerCallback
from olmo_core.train.train_module import TransformerActivationCheckpointingConfig, TransformerDataParallelConfig
from olmo_core.utils import get_default_device
from olmo_core_guard import GuardKeeper
from olmo_core_rows import RowLoader, RowTrainModule
from olmo_core_teller import Teller

TOKENS_AT_ONCE = 16384
QUIET = 1000
CURVES = {
    "train/CE loss": "loss",
    "train/Z loss": "zLoss",
    "optim/total grad norm": "gradientNorm",
    "optim/LR (group 0)": "learningRate",
}
COUNTS = {"optim/step skipped": "skippedSteps", "train/filtered rows": "filteredRows"}
FALLS = {"cosine": CosWithWarmup, "half-cosine": HalfCosWithWarmup, "linear": LinearWithWarmup}


def on_processor(stage: dict) -> bool:
    return stage["device"]["kind"] == "cpu"


def in_bfloat16(stage: dict) -> bool:
    return stage["precision"] == "bfloat16"


def attention(stage: dict) -> AttentionBackendName:
    """Flash attention where the hardware and the precision allow it; it alone knows documents in a row."""
    if on_processor(stage) or not in_bfloat16(stage):
        return AttentionBackendName.torch
    for backend in (AttentionBackendName.flash_3, AttentionBackendName.flash_2):
        try:
            backend.assert_supported()
            return backend
        except RuntimeError:
            continue
    return AttentionBackendName.torch


def data_parallel(stage: dict):
    """Sharded on GPUs; on the processor each process has the whole model."""
    if on_processor(stage):
        return TransformerDataParallelConfig(name=DataParallelType.ddp) if get_world_size() > 1 else None
    precision = DType.bfloat16 if in_bfloat16(stage) else None
    return TransformerDataParallelConfig(name=DataParallelType.fsdp, param_dtype=precision, reduce_dtype=DType.float32)


def scheduler(stage: dict):
    schedule = stage["schedule"]
    curve, warmup = schedule["curve"], schedule["warmupSteps"]
    highest, last = stage["optimizer"]["learningRate"], schedule["finalLearningRate"]
    if curve in FALLS:
        return FALLS[curve](warmup=warmup, alpha_f=last / highest)
    # OLMo-core's WSD takes no fall to where it already is.
    if curve == "constant" or last == highest:
        return ConstantWithWarmup(warmup=warmup)
    return WSD(warmup=warmup, decay=schedule["decaySteps"], decay_fraction=None, decay_min_lr=last)


def rows_at_once(stage: dict) -> int:
    """As many rows of a process as fit a micro-batch and divide its part of a step evenly."""
    rows = stage["rows"] // get_world_size()
    most = (stage["microBatchTokens"] or TOKENS_AT_ONCE) // stage["rowLength"]
    return max(count for count in range(1, rows + 1) if rows % count == 0 and count <= max(1, most))


def train_module(stage: dict, backend: AttentionBackendName):
    model = olmo_core_model.model_config(stage["model"], backend).build(init_device="meta")
    return RowTrainModule(
        model=model,
        optim=olmo_core_model.optimizer_config(stage),
        rank_microbatch_size=stage["rowLength"] * rows_at_once(stage),
        max_sequence_length=stage["rowLength"],
        dp_config=data_parallel(stage),
        ac_config=TransformerActivationCheckpointingConfig() if stage["activationCheckpointing"] else None,
        z_loss_multiplier=stage["zLoss"] or None,
        # FSDP sees to it on GPUs.
        autocast_precision=torch.bfloat16 if on_processor(stage) and in_bfloat16(stage) else None,
        # Without a limit the norm is measured all the same: the guard and the curve look at it.
        max_grad_norm=stage["gradientClip"] or math.inf,
        scheduler=scheduler(stage),
        device=get_default_device(),
    )


def callbacks(stage: dict):
    every = stage["checkpointEvery"]
    all_stages = {
        "checkpointer": CheckpointerCallback(save_interval=every, max_checkpoints=None, pre_train_checkpoint=False),
        "console_logger": ConsoleLoggerCallback(log_interval=QUIET),
        "teller": Teller(file=stage["progressFile"], stop=stage["stopFile"], curves=CURVES, counts=COUNTS),
    }
    if not stage["skipStep"]:
        return all_stages
    return {**all_stages, "guard": GuardKeeper(guard=stage["skipStep"], folder=stage["workFolder"], every=every)}


def trainer(stage: dict, module, loader):
    return TrainerConfig(
        save_folder=stage["saveFolder"],
        save_overwrite=True,
        load_strategy=LoadStrategy.never,
        max_duration=Duration.steps(stage["scheduleSteps"]),
        hard_stop=Duration.steps(stage["steps"]),
        metrics_collect_interval=stage["metricsEvery"],
        cancel_check_interval=1,
        callbacks=callbacks(stage),
    ).build(module, loader)


def main(stage: dict):
    backends = "cpu:gloo" if on_processor(stage) else "cpu:gloo,cuda:nccl"
    prepare_training_environment(seed=stage["seed"], backend=backends)
    backend = attention(stage)
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
