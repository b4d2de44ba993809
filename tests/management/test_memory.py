import subprocess
import sys

import pytest

from layersviz.management import memory

SCRIPT = """
import asyncio
from layersviz.management import memory

def resident_kib():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))

memory.lay_out_memory()
memory.GIVE_BACK_EVERY_S = 0.01
kept = [bytes(3000) for _ in range(40_000)]
last = kept[-1]  # holds the heap's end, so that nothing below it goes back by itself
del kept

async def main():
    before = resident_kib()
    giving = asyncio.create_task(memory.keep_giving_back())
    while resident_kib() > before / 2:
        await asyncio.sleep(0.01)
    giving.cancel()

asyncio.run(asyncio.wait_for(main(), 30))
"""


@pytest.mark.skipif(memory._glibc() is None, reason="only glibc keeps memory that it can be asked for")
def test_what_is_free_is_given_back_to_the_system() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, timeout=60)


async def test_without_glibc_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    monkeypatch.setattr(memory.gc, "freeze", lambda: None)
    memory.lay_out_memory()
    await memory.keep_giving_back()
