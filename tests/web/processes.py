"""One installation of several processes: a redis-server of our own, web processes and capture workers, one database."""

import contextlib
import json
import os
import queue
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.web.live import PATIENCE_S, PROJECT, LiveServer, _read_all, free_port, give_static_files

WITHOUT_REDIS = "There is no redis-server here: several processes were not tried."


@dataclass(kw_only=True)
class Installation:
    """`webs` and `workers` run; each of them can be killed and started again."""

    var: Path
    environment: dict[str, str]
    redis_port: int
    webs_wanted: int
    workers_wanted: int
    redis: "subprocess.Popen[bytes] | None" = None
    webs: list[LiveServer] = field(default_factory=list)
    workers: list[LiveServer] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def start_redis(self) -> None:
        """It keeps nothing: what has to live through its end is in the database."""
        command = ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", ""]
        self.redis = subprocess.Popen(
            [*command, "--appendonly", "no", "--dir", str(self.var)], stdout=subprocess.DEVNULL
        )
        _wait_until(lambda: _answers(self.redis_port), "redis-server does not answer")

    def stop_redis(self) -> None:
        assert self.redis is not None
        self.redis.kill()
        self.redis.wait()

    def start_web(self, port: int | None = None) -> LiveServer:
        port = port or free_port()
        server = self._start(["serve"], port)
        server.read_until("Hello World")
        self.webs.append(server)
        return server

    def start_worker(self) -> LiveServer:
        server = self._start(["runworker", "capture"], 0)
        server.read_until("Capture worker")
        self.workers.append(server)
        return server

    def kill(self, server: LiveServer) -> None:
        """At once, as a machine that loses its power."""
        server.process.kill()
        server.process.wait()
        for running in (self.webs, self.workers):
            if server in running:
                running.remove(server)

    def owner(self) -> LiveServer:
        """The worker that holds the room, once there is one."""
        held: list[LiveServer] = []

        def is_held() -> bool:
            pids = {int(worker.split("-")[-2]) for worker in _column(self.var, "worker") if worker}
            held[:] = [worker for worker in self.workers if worker.process.pid in pids]
            return bool(held)

        _wait_until(is_held, "no worker takes the room")
        return held[0]

    def wait_until_kept(self, instant_ms: float) -> None:
        """Until the database has a playhead that was left at that instant."""
        wait_until_kept(self.var, instant_ms)

    def mend(self) -> None:
        """Start anew what a test has ended."""
        while len(self.webs) < self.webs_wanted:
            self.start_web()
        while len(self.workers) < self.workers_wanted:
            self.start_worker()

    def close(self) -> None:
        for server in (*self.webs, *self.workers):
            server.process.kill()
        for server in (*self.webs, *self.workers):
            server.process.wait()
        if self.redis is not None and self.redis.poll() is None:
            self.stop_redis()
        for thread in self.threads:
            thread.join()

    def _start(self, command: list[str], port: int) -> LiveServer:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env={**os.environ, **self.environment, "PORT": str(port or 8000)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        server = LiveServer(process=process, port=port, lines=queue.SimpleQueue(), link=Future())
        thread = threading.Thread(target=_read_all, args=(server,))
        thread.start()
        self.threads.append(thread)
        return server


@contextlib.contextmanager
def installation(var: Path, *, webs: int = 2, workers: int = 2, **environment: str) -> Iterator[Installation]:
    """Started in an order that an administrator would take: the first web process makes the tables."""
    if shutil.which("redis-server") is None:
        pytest.skip(WITHOUT_REDIS)
    redis_port = free_port()
    redis_url = f"redis://127.0.0.1:{redis_port}/0"
    settings = {"VAR_DIR": str(var), "HOST": "127.0.0.1", "REDIS_URL": redis_url, **environment}
    give_static_files(var)
    made = Installation(var=var, environment=settings, redis_port=redis_port, webs_wanted=webs, workers_wanted=workers)
    try:
        made.start_redis()
        made.mend()
        yield made
    finally:
        made.close()


def wait_until_kept(var: Path, instant_ms: float) -> None:
    """What a presenter pressed is on the disk a moment later."""

    def is_kept() -> bool:
        states = [json.loads(state) for state in _column(var, "state") if state]
        return any(state["playhead"]["instant_ms"] == instant_ms for state in states)

    _wait_until(is_kept, f"the playhead at {instant_ms} ms is not kept")


def _column(var: Path, name: str) -> list[str]:
    with contextlib.closing(sqlite3.connect(var / "layersviz.sqlite3", timeout=PATIENCE_S)) as database:
        return [value for (value,) in database.execute(f"SELECT {name} FROM rooms_registeredroom")]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_until(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def end_in_good_order(server: LiveServer) -> None:
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(PATIENCE_S)
