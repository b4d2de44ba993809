"""`manage.py hello` as its operator and its clients meet it: a real process, real sockets."""

import errno
import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from layersviz.core.hello import PAGE
from layersviz.management.commands import hello
from tests.management.served import PATIENCE_S, Served, serving

TOP = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(TOP / "manage.py"), "hello"]


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., Served]]:
    with ExitStack() as all_of_them:
        yield lambda **environment: all_of_them.enter_context(serving(COMMAND, environment))


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve()


def refusal(*arguments: str, prefix: tuple[str, ...] = ()) -> str:
    """What the command says when it cannot start."""
    done = subprocess.run(
        [*prefix, *COMMAND, *arguments], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode != 0
    assert done.stdout == ""
    return done.stderr


# --- what clients get -------------------------------------------------------------------------------------------------


def test_urllib_gets_the_page_at_any_path(served: Served) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/any/path?x=1", timeout=PATIENCE_S) as answer:
        assert (answer.status, answer.read()) == (200, PAGE)
    assert served.next_line().endswith(" - GET /any/path?x=1 HTTP/1.1 200")


def test_urllib_is_refused_a_post(served: Served) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{served.port}/", data=b"a=b", timeout=PATIENCE_S)
    with refused.value as answer:
        assert (answer.code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert served.next_line().endswith(" - POST / HTTP/1.1 405")


def test_one_connection_carries_several_requests(served: Served) -> None:
    client = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_S)
    client.connect()
    own_port = client.sock.getsockname()[1]
    bodies = []
    for method in ("GET", "HEAD", "OPTIONS", "BREW", "GET"):
        client.request(method, "/", headers={"Accept-Encoding": "gzip"})
        answer = client.getresponse()
        bodies.append(answer.read())
        assert answer.headers["Content-Length"] == ("49" if method in ("GET", "HEAD") else str(len(bodies[-1])))
        assert f":{own_port} - {method} / HTTP/1.1 {answer.status}" in served.next_line()
    client.close()
    assert gzip.decompress(bodies[0]) == gzip.decompress(bodies[-1]) == PAGE


def test_the_body_of_a_post_is_not_taken_for_the_next_request(served: Served) -> None:
    answer = served.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answer
    assert served.next_line().endswith(" - POST / HTTP/1.1 405")


def test_an_answer_arrives_whole_although_much_of_the_request_was_never_read(served: Served) -> None:
    answer = served.send(b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + bytes(1_000_000))
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.endswith(b"\n")
    assert served.next_line().endswith(" - POST / HTTP/1.1 405")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [(b"GET / FOO", 400), (b"\x16\x03\x01\x1b[31m", 400), (b"GET / HTTP/3.0", 505), (b"GET /" + b"x" * 70_000, 414)],
)
def test_a_bad_request_is_answered_and_the_server_goes_on(served: Served, request_line: bytes, status: int) -> None:
    assert served.send(request_line + b"\r\n\r\n").startswith(b"HTTP/1.1 %d " % status)
    assert served.next_line().endswith(f" {status}")
    assert served.send(b"GET / HTTP/1.0\r\n\r\n").endswith(PAGE)
    assert served.next_line().endswith(" - GET / HTTP/1.0 200")


def test_what_a_terminal_could_obey_is_written_out(served: Served) -> None:
    served.send(b"GET /\x1b[2J\xff HTTP/1.0\r\n\r\n")
    assert served.next_line().endswith(r" - GET /\x1b[2J\xff HTTP/1.0 200")


def test_a_client_that_hangs_up_in_the_middle_leaves_no_trace(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as client:
        client.sendall(b"GET / HT")
    assert served.send(b"GET /after HTTP/1.0\r\n\r\n").endswith(PAGE)
    lines = [served.next_line()]
    if "/after" not in lines[0]:  # the half line may be said as the bad request that it is
        assert lines[0].endswith(" - GET / HT 400")
        lines.append(served.next_line())
    assert lines[-1].endswith(" - GET /after HTTP/1.0 200")


def test_a_silent_client_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hello._Conversation, "timeout", 0.05)
    ours, theirs = socket.socketpair()
    with ours, theirs, hello._HelloServer("127.0.0.1", 0, print) as server:
        ours.sendall(b"GET / HTTP/1.1\r\nHost: x")
        hello._Conversation(theirs, ("10.0.0.3", 35310), server)
        theirs.close()
        assert ours.recv(100) == b""


# --- what the operator reads ------------------------------------------------------------------------------------------


def test_a_request_is_said_as_the_lesson_has_it(serve: Callable[..., Served]) -> None:
    served = serve(TZ="Asia/Tokyo")
    client = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_S)
    client.connect()
    own_port = client.sock.getsockname()[1]
    client.request("GET", "/")
    client.getresponse().read()
    client.close()
    line = served.next_line()
    found = re.fullmatch(r"\[(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)\] - 127\.0\.0\.1:(\d+) - GET / HTTP/1\.1 200", line)
    assert found, line
    assert int(found[2]) == own_port
    said = datetime.strptime(f"{found[1]} +0900", "%m/%d/%Y %H:%M:%S %z")
    assert abs(datetime.now(said.tzinfo) - said) < timedelta(minutes=1), "not the time on the operator's clock"


def test_the_greeting_names_the_default_interface_or_says_that_there_is_none(served: Served) -> None:
    assert re.fullmatch(
        r"The default network interface is \S+: \d+(\.\d+){3}, MAC [0-9a-f]{2}(:[0-9a-f]{2}){5}\n"
        r"|No default network interface was found: .+\.\n",
        served.greeting[0],
    )


def test_ctrl_c_ends_it_quietly(serve: Callable[..., Served]) -> None:
    process = serve().process
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said.strip()) == (0, "")


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refusal("--host", "127.0.0.1", "--port", str(port))
    assert re.fullmatch(rf"CommandError: Port {port} is in use: .+ --port 6789\.\n", said)


def test_an_unknown_host_is_one_sentence() -> None:
    said = refusal("--host", "no-such-host.invalid", "--port", "0")
    assert re.fullmatch(r"CommandError: The host 'no-such-host.invalid' is unknown: .+\.\n", said)


def test_an_address_of_another_machine_is_one_sentence() -> None:
    said = refusal("--host", "203.0.113.7", "--port", "0")  # RFC 5737: kept for documentation
    assert re.fullmatch(r"CommandError: The address 203.0.113.7 is none of this machine's: .+\.\n", said)


@pytest.mark.parametrize("port", ["65536", "-1", "http", "8_0", ""])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert "a port is a number from 0 to 65535" in refusal(f"--port={port}")


def test_a_privileged_port_without_the_right_is_one_sentence() -> None:
    said = refusal("--host", "127.0.0.1", "--port", "80", prefix=without_the_right())
    assert re.fullmatch(r"CommandError: Port 80 is privileged .+ --port 6789, or run the command by sudo\.\n", said)


def without_the_right() -> tuple[str, ...]:
    """What makes a command lack the right to privileged ports; skips where that is not to be had."""
    limit = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if limit.exists() and int(limit.read_text()) <= 80:
        pytest.skip("on this system port 80 is anyone's (net.ipv4.ip_unprivileged_port_start)")
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("setpriv, to give the right away, is missing")
        return "setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 80))
        except OSError as error:
            if error.errno != errno.EACCES:
                pytest.skip("port 80 is in use")
        else:
            pytest.skip("this process has the right to port 80")
    return ()
