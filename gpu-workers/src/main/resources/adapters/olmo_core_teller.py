"""Tells the adapter how OLMo-core's trainer gets on, a JSON object a line, and stops it when the adapter asks."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import plain_json
from olmo_core.distributed.utils import get_rank
from olmo_core.train.callbacks import Callback


@dataclass
class Teller(Callback):
    """
    `curves` names OLMo-core's metrics as the ledger does, `counts` those that are added up and not averaged; `tokens` is
    the metric that counts a step's tokens, if one does.
    """

    file: str = ""
    stop: str = ""
    curves: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)
    tokens: str = ""

    def pre_train(self):
        self.say(started=self.step)

    def post_step(self):
        self.say(step=self.step, time=time.time())
        if Path(self.stop).exists():
            self.trainer.cancel_run("the adapter asks for it")

    def log_metrics(self, step, metrics):
        values = self._named(self.curves, metrics)
        if values:
            counts = self._named(self.counts, metrics)
            self.say(step=step, values=values, counts=counts, tokens=int(metrics.get(self.tokens, 0)))

    def on_error(self, exc):
        self.say(error=f"{type(exc).__name__}: {exc}")

    def _named(self, names, metrics):
        return {ours: metrics[theirs] for theirs, ours in names.items() if theirs in metrics}

    def say(self, **line):
        if get_rank() == 0:
            with open(self.file, "a") as out:
                out.write(plain_json.dumps(line) + "\n")
