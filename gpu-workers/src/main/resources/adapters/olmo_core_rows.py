"""The rows that the adapter writes for a stage, as batches of OLMo-core, and the train module that takes them."""

import time
from pathlib import Path

import numpy
import torch
from olmo_core.data import InstanceFilterConfig
from olmo_core.data.data_loader import DataLoaderBase
from olmo_core.data.utils import find_periodic_sequences
from olmo_core.train import ReduceType
from olmo_core.train.train_module import TransformerTrainModule
from olmo_core.utils import move_to_device

TOKENS, TARGETS, PLACES = range(3)
START, PADDING = 1, 2
IGNORED = -100
WAIT_SECONDS = 0.02


class RowLoader(DataLoaderBase):
    """
    Steps in the order of the files `rows-FIRST-LAST.npy`, each an int32 array of step, row, kind and token.
    A file may still have to be written; the adapter removes those that every step is past.
    """

    def __init__(self, stage: dict, packed: bool, **options):
        super().__init__(global_batch_size=stage["rows"] * stage["rowLength"], **options)
        if stage["rows"] % self.dp_world_size != 0:
            raise ValueError(f"{stage['rows']} rows a step do not divide among {self.dp_world_size} processes")
        self.folder = Path(stage["rowsFolder"])
        self.steps = stage["steps"]
        self.row_length = stage["rowLength"]
        self.rows = stage["rows"] // self.dp_world_size
        self.packed = packed
        self.filter = instance_filter(stage)
        self._steps = None
        self._span = range(0)

    @property
    def total_batches(self):
        return self.steps

    def state_dict(self):
        return {"batches_processed": self.batches_processed}

    def load_state_dict(self, state_dict):
        self.batches_processed = state_dict["batches_processed"]

    def reshuffle(self, epoch=None, **kwargs):
        self._epoch = epoch

    def global_num_tokens_in_batch(self, batch):
        return self.global_batch_size

    def get_mock_batch(self):
        row = torch.zeros((self.rows, self.row_length), dtype=torch.long)
        batch = {"input_ids": row, "labels": row.clone(), "targets": torch.tensor(row.numel())}
        return self._with_lengths(batch, [[self.row_length]] * self.rows) if self.packed else batch

    def _iter_batches(self):
        for step in range(self.batches_processed + 1, self.steps + 1):
            rows = self._step(step)[self.dp_rank * self.rows : (self.dp_rank + 1) * self.rows]
            targets = torch.tensor((rows[:, TARGETS] != IGNORED).sum())
            filtered = self._filtered(rows)
            rows[filtered, TARGETS] = IGNORED
            batch = self._packed(rows) if self.packed else self._apart(rows)
            batch["targets"] = targets
            if self.filter:
                batch["filtered"] = torch.tensor(float(len(filtered)))
            yield batch

    def _filtered(self, rows):
        return [i for i, row in enumerate(rows) if self.filter and is_repetitive(row, self.filter)]

    def _step(self, step: int):
        while step not in self._span:
            for path in self.folder.glob("rows-*.npy"):
                first, last = map(int, path.stem.split("-")[1:])
                if first <= step <= last:
                    self._steps, self._span = numpy.load(path, mmap_mode="r"), range(first, last + 1)
                    break
            else:
                time.sleep(WAIT_SECONDS)
        return self._steps[step - self._span.start].astype(numpy.int64)

    def _packed(self, rows):
        batch = {"input_ids": _tensor(rows[:, TOKENS]), "labels": _tensor(rows[:, TARGETS])}
        return self._with_lengths(batch, [self._lengths(row) for row in rows])

    def _with_lengths(self, batch, lengths):
        most = max(map(len, lengths))
        batch["doc_lens"] = torch.tensor([some + [0] * (most - len(some)) for some in lengths], dtype=torch.int32)
        batch["max_doc_lens"] = [max(some) for some in lengths]
        return batch

    def _lengths(self, row):
        """Of a row's documents. Padding counts as part of the last: it comes after it and is asked for nothing."""
        starts = numpy.flatnonzero(row[PLACES] == START).tolist()
        return [end - start for start, end in zip(starts, starts[1:] + [self.row_length])]

    def _apart(self, rows):
        """Where attention knows no documents, each gets a row of its own; causal attention hides what follows."""
        documents = []
        for row in rows:
            lengths = self._lengths(row)
            for start, length in zip(numpy.cumsum([0] + lengths), lengths):
                document = numpy.zeros((2, self.row_length), dtype=numpy.int64)
                document[1] = IGNORED
                document[0, :length] = row[TOKENS, start : start + length]
                document[1, :length] = row[TARGETS, start : start + length]
                documents.append(document)
        batch = numpy.stack(documents)
        return {"input_ids": _tensor(batch[:, 0]), "labels": _tensor(batch[:, 1])}


class RowTrainModule(TransformerTrainModule):
    """
    Divides losses by the targets of all rows, also of those that the filter leaves out. OLMo-core's own counts every
    token of such a row, padding among them, and takes each row of a batch for one of the step's.
    """

    def train_batch(self, batch, dry_run=False):
        self._targets = move_to_device(batch.pop("targets"), self.device)
        filtered = batch.pop("filtered", None)
        if filtered is not None:
            self.record_metric("filtered rows", filtered, ReduceType.sum, namespace="train")
        super().train_batch(batch, dry_run=dry_run)

    def model_forward(self, input_ids, labels=None, **options):
        return super().model_forward(input_ids, labels, **{**options, "loss_div_factor": self._targets})


def instance_filter(stage: dict):
    """OLMo-core's, or None."""
    wanted = stage["instanceFilter"]
    if not wanted:
        return None
    return InstanceFilterConfig(
        repetition_min_period=wanted["shortest"],
        repetition_max_period=wanted["longest"],
        repetition_max_count=wanted["times"],
    )


def is_repetitive(row, limits: InstanceFilterConfig) -> bool:
    """Whether OLMo-core's data sets would mask the row; padding, which they have none of, is no repetition."""
    tokens = row[TOKENS][row[PLACES] != PADDING]
    found = find_periodic_sequences(tokens, limits.repetition_max_period, limits.repetition_min_period)
    return any(sequence.times >= limits.repetition_max_count for sequence in found)


def _tensor(array):
    return torch.from_numpy(array.copy())
