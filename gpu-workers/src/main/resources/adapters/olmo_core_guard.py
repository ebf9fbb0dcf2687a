"""
The guard of an optimizer that skips steps: what it remembers, which OLMo-core's own checkpoints leave out, and that a skipped
step does no harm.
"""

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Optional

import plain_json
import torch
from olmo_core.distributed.utils import get_local_tensor, get_rank
from olmo_core.train.callbacks import Callback


def leave_out_skipped(optimizer, *_):
    """
    OLMo-core skips a step by multiplying its gradients by 0, which makes NaN of those that are infinite, and of all that were
    clipped to an infinite norm.
    """
    skipped = optimizer.get_step_factor() == 0
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.grad is not None:
                get_local_tensor(parameter.grad).masked_fill_(skipped, 0)


@dataclass
class GuardKeeper(Callback):
    """
    Has the guard go on with `guard`, and writes what it remembers into `folder` for every checkpoint, as `guard-STEP.json`.
    """

    # Before the checkpointer, so that a whole checkpoint has its file.
    priority: ClassVar[int] = 2

    guard: Optional[dict] = None
    folder: str = ""
    every: Optional[int] = None

    def pre_train(self):
        optimizer, window = self.trainer.train_module.optim, self.guard["window"]
        optimizer.register_step_pre_hook(leave_out_skipped)
        self._losses = deque(map(self._tensor, self.guard["losses"]), maxlen=window)
        self._norms = deque(map(self._tensor, self.guard["gradientNorms"]), maxlen=window)
        self._skipped = self._tensor(0)
        for loss, norm in zip(self._losses, self._norms):
            optimizer.latest_loss, optimizer.latest_grad_norm = loss, norm

    def post_train_batch(self):
        optimizer = self.trainer.train_module.optim
        self._losses.append(optimizer.latest_loss)
        self._norms.append(optimizer.latest_grad_norm)
        self._skipped += optimizer.step_skipped
        if self.every and self.step % self.every == 0:
            self._write()

    def post_train(self):
        self._write()

    def _tensor(self, value):
        return torch.tensor(float(value), device=self.trainer.train_module.device)

    def _write(self):
        if get_rank() == 0:
            state = {
                "losses": [loss.item() for loss in self._losses],
                "gradientNorms": [norm.item() for norm in self._norms],
                "skipped": self.guard["skipped"] + round(self._skipped.item()),
            }
            (Path(self.folder) / f"guard-{self.step}.json").write_text(plain_json.dumps(state))
