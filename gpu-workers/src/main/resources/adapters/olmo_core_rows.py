"""The rows that the adapter writes for a stage, as batches of OLMo-core."""

import time
from pathlib import Path

import numpy
import torch
from olmo_core.data.data_loader import DataLoaderBase

TOKENS, TARGETS, STARTS = range(3)
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
        batch = {"input_ids": row, "labels": row.clone()}
        return self._with_lengths(batch, [[self.row_length]] * self.rows) if self.packed else batch

    def _iter_batches(self):
        for step in range(self.batches_processed + 1, self.steps + 1):
            rows = self._step(step)[self.dp_rank * self.rows : (self.dp_rank + 1) * self.rows]
            yield self._packed(rows) if self.packed else self._apart(rows)

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
        starts = numpy.flatnonzero(row[STARTS]).tolist()
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


def _tensor(array):
    return torch.from_numpy(array.copy())
