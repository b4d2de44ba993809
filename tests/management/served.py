"""A `manage.py hello` that runs, as the tests meet it."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running command: where it listens, and the lines that it says."""

    process: subprocess.Popen[str]
    greeting: tuple[str, str]
    port: int

    def next_line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().rstrip("\n")

    def send(self, octets: bytes) -> bytes:
        """What comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as client:
            client.sendall(octets)
            return b"".join(iter(lambda: client.recv(65536), b""))


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Served]:
    """Start it on a free loopback port; it ends with the context."""
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", "0"],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout
            greeting = process.stdout.readline(), process.stdout.readline()
            where = re.search(r"http://127\.0\.0\.1:(\d+)/", greeting[1])
            assert where, greeting
            yield Served(process=process, greeting=greeting, port=int(where[1]))
        finally:
            process.kill()
