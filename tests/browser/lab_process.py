"""The process that is a server's lab."""

from pathlib import Path

from tests.web.live import LiveServer


def lab_of(server: LiveServer) -> int:
    """The process id of the server's own child that is the lab."""
    for process in Path("/proc").iterdir():
        try:
            status = (process / "status").read_text()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"PPid:\t{server.process.pid}\n" in status and b"layersviz.lab" in command:
            return int(process.name)
    raise AssertionError("the server has no lab")
