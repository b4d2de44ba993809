import asyncio
import gc
import subprocess
import sys
import weakref

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


class Circle:
    def __init__(self) -> None:
        self.itself = self


async def test_what_only_refers_to_itself_is_collected_with_any_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    monkeypatch.setattr(memory.gc, "freeze", lambda: None)
    monkeypatch.setattr(memory, "GIVE_BACK_EVERY_S", 0.01)
    memory.lay_out_memory()
    gc.disable()
    try:
        collected = asyncio.Event()
        circle = weakref.ref(Circle(), lambda _circle: collected.set())
        giving = asyncio.create_task(memory.keep_giving_back())
        await asyncio.wait_for(collected.wait(), 60)
        giving.cancel()
        assert circle() is None
    finally:
        gc.enable()
