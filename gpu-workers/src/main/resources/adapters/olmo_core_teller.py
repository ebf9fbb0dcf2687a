"""Tells the adapter how OLMo-core's trainer gets on, a JSON object a line, and stops it when the adapter asks."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from olmo_core.distributed.utils import get_rank
from olmo_core.train.callbacks import Callback


@dataclass
class Teller(Callback):
    """
    `curves` names OLMo-core's metrics as the ledger does; `tokens` is the metric that counts a step's tokens, if one does.
    """

    file: str = ""
    stop: str = ""
    curves: dict = field(default_factory=dict)
    tokens: str = ""

    def pre_train(self):
        self.say(started=self.step)

    def post_step(self):
        self.say(step=self.step, time=time.time())
        if Path(self.stop).exists():
            self.trainer.cancel_run("the adapter asks for it")

    def log_metrics(self, step, metrics):
        values = {ours: metrics[theirs] for theirs, ours in self.curves.items() if theirs in metrics}
        if values:
            self.say(step=step, values=values, tokens=int(metrics.get(self.tokens, 0)))

    def on_error(self, exc):
        self.say(error=f"{type(exc).__name__}: {exc}")

    def say(self, **line):
        if get_rank() == 0:
            with open(self.file, "a") as out:
                out.write(json.dumps(line) + "\n")
