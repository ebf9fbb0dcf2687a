"""
Has OLMo-core's optimizer skip a step whose gradient is infinite, with our scripts' hook, and compares weights and moments before
and after: `check_guard.py SCRIPTS`, the folder of olmo_core_guard.py. Prints a line for each check; exits 1 if one fails.
"""

import math
import sys

import torch
from olmo_core.optim import SkipStepAdamW

sys.path.insert(0, sys.argv[1])
from olmo_core_guard import leave_out_skipped

STEPS, UNUSUAL = 12, 6
GRADIENTS = {"an infinite element": [math.inf, 1.0, -1.0], "a norm that overflows": [2e38, 2e38, -2e38]}


def state(optimizer, weight):
    return [weight.detach().clone(), *(value.clone() for value in optimizer.state[weight].values())]


def harmless(foreach: bool, clip: float, gradient: list) -> bool:
    weight = torch.nn.Parameter(torch.tensor([0.5, -0.25, 1.0]))
    optimizer = SkipStepAdamW([weight], rolling_interval_length=8, sigma_factor=6, foreach=foreach)
    optimizer.register_step_pre_hook(leave_out_skipped)
    unchanged = False
    for step in range(1, STEPS + 1):
        values = gradient if step == UNUSUAL else [0.1 * step, -0.2, 0.3 / step]
        weight.grad = torch.tensor(values)
        norm = torch.nn.utils.get_total_norm([weight.grad])
        torch.nn.utils.clip_grads_with_norm_([weight], clip, norm)
        before = state(optimizer, weight)
        optimizer.latest_loss, optimizer.latest_grad_norm = torch.tensor(2.0 + 0.1 / step), norm
        optimizer.step()
        if step == UNUSUAL:
            unchanged = bool(optimizer.step_skipped) and all(map(torch.equal, before, state(optimizer, weight)))
    return unchanged and bool(torch.isfinite(weight).all())


def main():
    failed = False
    for name, gradient in GRADIENTS.items():
        for clip in (1.0, math.inf):
            good = all(harmless(foreach, clip, gradient) for foreach in (True, False))
            limit = "no limit" if math.isinf(clip) else f"limit {clip}"
            print(f"{'ok' if good else 'FAILED':<8}guard: a step skipped for {name} changes nothing ({limit})")
            failed |= not good
    sys.exit(failed)


if __name__ == "__main__":
    main()
