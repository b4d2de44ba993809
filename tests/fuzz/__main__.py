"""`python -m tests.fuzz [--inputs N] [--seed N]`: ends with 1 where an input raises, or takes over 1 s of
the processor or over 200 MB.

The input is kept in var/fuzz/. The same seed gives the same inputs.
"""

import argparse
import resource
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.fuzz.changes import changed
from tests.fuzz.targets import Target, targets

KEPT = Path(__file__).resolve().parents[2] / "var" / "fuzz"
SLOWEST_S = 1.0
STUCK_S = 30.0
MEGABYTE = 1_000_000
LARGEST_BYTES = 200 * MEGABYTE
TELL_EVERY = 50_000


@dataclass(slots=True, kw_only=True)
class Seen:
    """What the inputs of one target cost so far; memory is the process's peak beyond what it had at the start."""

    inputs: int = 0
    slowest_s: float = 0.0
    peak_bytes: int = 0
    failed: bool = False

    def line(self, name: str) -> str:
        return (
            f"{name:8} {self.inputs:>10,} inputs   slowest {self.slowest_s * 1000:7.1f} ms"
            f"   memory {self.peak_bytes / MEGABYTE:6.1f} MB"
        )


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Reads changed captures and frames.")
    arguments.add_argument("--inputs", type=int, default=1_000_000, help="how many, of all targets together")
    arguments.add_argument("--seed", type=int, default=1, help="another number, other inputs")
    chosen = arguments.parse_args()
    signal.signal(signal.SIGALRM, stuck)
    all_targets = targets()
    failed = [run(target, chosen.inputs // len(all_targets), chosen.seed).failed for target in all_targets]
    return int(any(failed))


def run(target: Target, inputs: int, seed: int) -> Seen:
    """Give the target its inputs until one fails."""
    for sample in target.samples:
        target.read(sample)  # what is loaded once is not the inputs' cost
    seen = Seen()
    start_bytes = peak_bytes()
    for number in range(inputs):
        octets = changed(Random(f"{seed} {target.name} {number}"), target.samples)
        trouble = trouble_with(target, octets, seen, start_bytes)
        if trouble:
            seen.failed = True
            path = keep(octets, f"{target.name}-{seed}-{number}")
            print(f"{target.name}, input {number} of seed {seed}, kept as {path}:\n{trouble}")
            break
        if seen.inputs % TELL_EVERY == 0:
            print(seen.line(target.name), file=sys.stderr, flush=True)
    print(seen.line(target.name), flush=True)
    return seen


def trouble_with(target: Target, octets: bytes, seen: Seen, start_bytes: int) -> str:
    """What is wrong with the way in which the target took the octets; empty where nothing is."""
    begin = time.process_time()
    trouble = ""
    signal.setitimer(signal.ITIMER_REAL, STUCK_S)
    try:
        target.read(octets)
    except Exception:  # whatever it is: this is what we look for
        trouble = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    took_s = time.process_time() - begin
    seen.inputs += 1
    seen.slowest_s = max(seen.slowest_s, took_s)
    seen.peak_bytes = max(seen.peak_bytes, peak_bytes() - start_bytes)
    if not trouble and took_s > SLOWEST_S:
        trouble = f"It took {took_s:.2f} s."
    if not trouble and seen.peak_bytes > LARGEST_BYTES:
        trouble = f"It took {seen.peak_bytes / MEGABYTE:.0f} MB."
    return trouble


def stuck(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"It has not ended after {STUCK_S:.0f} s.")


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def keep(octets: bytes, name: str) -> Path:
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / name
    path.write_bytes(octets)
    return path


if __name__ == "__main__":
    sys.exit(main())
