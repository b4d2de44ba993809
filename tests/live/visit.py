"""How a test drives the house: programs and sockets in its namespaces, and the capturing child's lines."""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.house import SERVER_IP

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
PORT = 8080

Line = dict[str, Any]


class House:
    """The two namespaces, as long as this lives; `where` is "server" or "visitor"."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def ask(self, order: Line, descriptors: tuple[int, ...] = ()) -> tuple[Line, list[int]]:
        if order:
            socket.send_fds(self._line, [json.dumps(order).encode()], list(descriptors))
        text, received, _flags, _address = socket.recv_fds(self._line, 65_536, 1)
        assert text, "the house has ended"
        return json.loads(text), received

    def open_socket(self, where: str, family: int = socket.AF_INET, kind: int = socket.SOCK_STREAM) -> socket.socket:
        _answer, (descriptor,) = self.ask({"in": where, "family": family, "type": kind})
        made = socket.socket(fileno=descriptor)
        made.settimeout(PATIENCE_S)
        return made

    def listener(self, port: int = PORT, ip: str = SERVER_IP) -> socket.socket:
        """A listening socket of the server."""
        made = self.open_socket("server", socket.AF_INET6 if ":" in ip else socket.AF_INET)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((ip, port))
        made.listen()
        return made

    def visitor(self, port: int = PORT) -> socket.socket:
        """A visitor's connection to the server."""
        made = self.open_socket("visitor")
        try:
            made.connect((SERVER_IP, port))
        except OSError:
            made.close()
            raise
        return made

    @contextlib.contextmanager
    def running(self, command: list[str], where: str = "server", **environment: str) -> Iterator["Program"]:
        """A program there; it ends with its standard input."""
        stdin, our_stdin = os.pipe()
        our_stdout, stdout = os.pipe()
        settings = {**os.environ, **environment}
        answer, _ = self.ask({"in": where, "command": command, "environment": settings}, (stdin, stdout))
        for descriptor in (stdin, stdout):
            os.close(descriptor)
        try:
            yield Program(answer["pid"], our_stdin, our_stdout)
        finally:
            os.close(our_stdin)
            while select.select([our_stdout], [], [], PATIENCE_S)[0] and os.read(our_stdout, 65_536):
                pass
            os.close(our_stdout)

    @contextlib.contextmanager
    def watching(self, interface: str = "eth0", *addresses: str) -> Iterator["Program"]:
        """The capturing child, once it is ready."""
        command = [sys.executable, "-m", "layersviz.live", interface, str(PORT), *(addresses or (SERVER_IP,))]
        with self.running(command) as child:
            assert child.line()["kind"] == "ready"
            yield child


class Program:
    """What a program in the house says, line by line."""

    def __init__(self, pid: int, stdin: int, stdout: int) -> None:
        self.pid = pid
        self._stdin = stdin
        self._stdout = stdout
        self._rest = b""

    def text(self) -> str:
        """The next line."""
        deadline = time.monotonic() + PATIENCE_S
        while b"\n" not in self._rest:
            left_s = max(0.0, deadline - time.monotonic())
            assert select.select([self._stdout], [], [], left_s)[0], f"it said nothing more than {self._rest!r}"
            octets = os.read(self._stdout, 65_536)
            assert octets, f"it ended after {self._rest!r}"
            self._rest += octets
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode()

    def line(self) -> Line:
        """The next line, which is JSON."""
        line: Line = json.loads(self.text())
        return line

    def lines_until(self, kind: str, times: int = 1) -> list[Line]:
        lines: list[Line] = []
        while sum(line["kind"] == kind for line in lines) < times:
            lines.append(self.line())
        return lines


@contextlib.contextmanager
def house(*, offload: bool = False) -> Iterator[House]:
    """Skips the test where the kernel forbids namespaces."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        ours.settimeout(PATIENCE_S)
        command = [sys.executable, "-m", "tests.live.house", "offload" if offload else "plain"]
        with subprocess.Popen(command, cwd=PROJECT, stdin=theirs) as process:
            theirs.close()
            try:
                built = House(ours)
                answer, _ = built.ask({})
                if "impossible" in answer:
                    pytest.skip(answer["impossible"])
                yield built
            finally:
                ours.shutdown(socket.SHUT_RDWR)
                process.wait(PATIENCE_S)


def converse(visitor: socket.socket, listener: socket.socket, question: bytes = b"GET", answer: bytes = b"200") -> None:
    """One exchange; the server closes first, both in order."""
    served, _ = listener.accept()
    served.settimeout(PATIENCE_S)
    with visitor, served:
        visitor.sendall(question)
        left = len(question)
        while left:
            left -= len(served.recv(left))
        served.sendall(answer)
        served.shutdown(socket.SHUT_WR)
        while visitor.recv(65_536):
            pass
