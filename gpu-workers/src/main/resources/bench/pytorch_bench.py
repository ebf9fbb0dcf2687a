"""Trains a decoder of Olmo 3's shape in plain PyTorch, by turns with the engine; `modelflow bench engine` starts this.

    pytorch_bench.py --version             prints PyTorch's
    pytorch_bench.py SHAPE THREADS DEVICE  SHAPE is JSON: layers, width, heads, feedForward, vocabulary, context,
                                           slidingWindow, rows; DEVICE is cpu or cuda:0

Each line of standard input is "COLUMN SECONDS", as in "compile bf16 3.0". The answer is a line of JSON: tokens and seconds of
the steps that were made, or why the column cannot be measured. The first round of a column also compiles and warms up.
"""

import json
import os
import shutil
import sys
import time
import warnings

import torch
import torch.nn.functional as F
from torch import nn

EPSILON = 1e-6
ROPE_BASE = 500_000.0
COMPILERS = ("g++", "clang++", "c++")
COLUMNS = ("eager float32", "compile float32", "eager bf16", "compile bf16")


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width = shape["width"]
        self.head_size = width // shape["heads"]
        self.q_proj, self.k_proj, self.v_proj, self.o_proj = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.q_norm, self.k_norm = (nn.RMSNorm(width, EPSILON) for _ in range(2))

    def forward(self, x, cosine, sine, mask):
        query = turned(self.heads(self.q_norm(self.q_proj(x))), cosine, sine)
        key = turned(self.heads(self.k_norm(self.k_proj(x))), cosine, sine)
        value = self.heads(self.v_proj(x))
        mixed = F.scaled_dot_product_attention(query, key, value, mask, is_causal=mask is None)
        return self.o_proj(mixed.transpose(1, 2).flatten(2))

    def heads(self, x):
        return x.unflatten(-1, (-1, self.head_size)).transpose(1, 2)


def turned(x, cosine, sine):
    first, second = x.chunk(2, -1)
    return x * cosine + torch.cat((-second, first), -1) * sine


class FeedForward(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width, inner = shape["width"], shape["feedForward"]
        self.gate_proj, self.up_proj = (nn.Linear(width, inner, bias=False) for _ in range(2))
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.self_attn = Attention(shape)
        self.mlp = FeedForward(shape)
        self.post_attention_layernorm, self.post_feedforward_layernorm = (
            nn.RMSNorm(shape["width"], EPSILON) for _ in range(2)
        )

    def forward(self, x, cosine, sine, mask):
        x = x + self.post_attention_layernorm(self.self_attn(x, cosine, sine, mask))
        return x + self.post_feedforward_layernorm(self.mlp(x))


class Decoder(nn.Module):
    """Gives the mean cross entropy. Weights have Hugging Face's names, without "model."."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        width, vocabulary, context = shape["width"], shape["vocabulary"], shape["context"]
        self.embed_tokens = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(Block(shape) for _ in range(shape["layers"]))
        self.norm = nn.RMSNorm(width, EPSILON)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        size = width // shape["heads"]
        frequencies = ROPE_BASE ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
        angles = torch.outer(torch.arange(context, dtype=torch.float64), frequencies).repeat(1, 2)
        self.register_buffer("cosine", angles.cos().float(), persistent=False)
        self.register_buffer("sine", angles.sin().float(), persistent=False)
        at = torch.arange(context)
        behind = at[:, None] - at[None, :]
        self.register_buffer("near", (behind >= 0) & (behind < shape["slidingWindow"]), persistent=False)

    def is_full(self, layer):
        layers, window = self.shape["layers"], self.shape["slidingWindow"]
        return window == 0 or layer % 4 == 3 or layer == layers - 1

    def forward(self, tokens, targets):
        x = self.embed_tokens(tokens)
        for layer, block in enumerate(self.layers):
            x = block(x, self.cosine, self.sine, None if self.is_full(layer) else self.near)
        logits = self.lm_head(self.norm(x))
        return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten())


class Column:
    """One way to train: "eager" or "compile", in "float32" or under autocast to "bf16"."""

    def __init__(self, name, shape, device):
        if name not in COLUMNS:
            raise ValueError(f"There is no column '{name}': use one of {', '.join(COLUMNS)}")
        way, self.precision = name.split(" ")
        self.device = torch.device(device)
        if way == "compile" and self.device.type == "cpu" and not (os.environ.get("CXX") or any(map(shutil.which, COMPILERS))):
            raise RuntimeError("torch.compile needs a C++ compiler and found none of " + ", ".join(COMPILERS))
        self.shape = shape
        torch.manual_seed(1)
        with self.device:
            self.model = Decoder(shape)
        self.loss = torch.compile(self.model, dynamic=False) if way == "compile" else self.model
        with self.device:
            self.batches = [self.batch() for _ in range(8)]
        self.made = 0
        self.optimizer = self.faster_optimizer()

    def batch(self):
        rows = torch.randint(self.shape["vocabulary"], (self.shape["rows"], self.shape["context"] + 1))
        return rows[:, :-1].contiguous(), rows[:, 1:].contiguous()

    def faster_optimizer(self):
        self.backward()
        times = {}
        for fused in (True, False):
            optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=fused)
            optimizer.step()
            self.wait()
            start = time.perf_counter()
            for _ in range(5):
                optimizer.step()
            self.wait()
            times[time.perf_counter() - start] = optimizer
        return times[min(times)]

    def backward(self):
        tokens, targets = self.batches[self.made % len(self.batches)]
        self.made += 1
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.precision == "bf16"):
            loss = self.loss(tokens, targets)
        loss.backward()

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()

    def wait(self):
        """Until a GPU has done what it was given."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def round(self, seconds):
        start = time.perf_counter()
        steps = 0
        while steps == 0 or time.perf_counter() - start < seconds:
            self.step()
            steps += 1
        self.wait()
        passed = time.perf_counter() - start
        return {"tokens": steps * self.shape["rows"] * self.shape["context"], "seconds": passed}


def answers(shape, device, lines):
    columns = {}
    for line in lines:
        name, seconds = line.rsplit(" ", 1)
        try:
            if name not in columns:
                columns[name] = Column(name, shape, device)
            yield columns[name].round(float(seconds))
        except Exception as failure:  # A column that does not work leaves the others as they are.
            yield {"failure": str(failure).strip().split("\n")[0]}


def main(arguments):
    if arguments == ["--version"]:
        print(torch.__version__)
        return
    out, sys.stdout = sys.stdout, sys.stderr
    warnings.filterwarnings("ignore")  # Such as that norms of bf16 with weights of float32 are not fused.
    torch.set_num_threads(int(arguments[1]))
    for answer in answers(json.loads(arguments[0]), arguments[2], sys.stdin):
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
