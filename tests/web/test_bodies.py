"""What a browser sends lands in a file, within a limit; the server keeps its head meanwhile."""

import asyncio
import contextlib
import errno
import http.client
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from layersviz.web.bodies import MOST_AT_ONCE, Body, Uploads
from tests.recordings.capture_files import octets_of_run, pcapng
from tests.web.live import LiveServer, live_server, websocket

MEGABYTE = 1024 * 1024


def test_a_body_is_kept_as_it_comes() -> None:
    body = Body(10)
    body.write(b"hello ")
    body.write(b"you")
    body.hand_over()
    assert (body.file.read(), body.is_too_large, body.error, body.tell()) == (b"hello you", False, None, 9)
    body.close()
    assert not body.closed  # it is Django's now
    body.file.close()


def test_past_the_limit_nothing_is_kept() -> None:
    body = Body(10)
    body.write(b"hello ")
    body.write(b"you all")
    body.write(b"and more")
    body.hand_over()
    assert (body.file.read(), body.is_too_large) == (b"", True)
    body.file.close()


def test_what_announces_too_much_is_not_kept_from_its_first_octet() -> None:
    body = Body(10, announced=11)
    body.write(b"hello")
    assert body.is_too_large
    body.hand_over()
    assert body.file.read() == b""
    body.file.close()


def test_a_full_disk_is_noted_and_the_rest_goes_nowhere() -> None:
    class Full:
        closed = False

        def write(self, _octets: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            self.closed = True

    body = Body(100)
    body.file.close()
    body.file = Full()  # type: ignore[assignment]
    body.write(b"hello")
    body.write(b"you")
    assert body.error is not None
    assert body.error.errno == errno.ENOSPC
    body.close()
    assert body.closed


def test_past_eight_uploads_at_once_a_further_one_is_kept_small_until_one_has_ended() -> None:
    uploads = Uploads()
    bodies = [uploads.admit(MEGABYTE, None) for _ in range(MOST_AT_ONCE)]
    for body in bodies:
        body.hand_over()
    crowded = uploads.admit(MEGABYTE, MEGABYTE)
    assert (crowded.is_crowded, crowded.is_too_large) == (True, True)
    bodies[0].file.close()
    free = uploads.admit(MEGABYTE, MEGABYTE)
    assert (free.is_crowded, free.is_too_large) == (False, False)
    for body in (*bodies, crowded, free):
        body.file.close()


# --- with a real server -----------------------------------------------------------------------------------------------


def form(token: str, octets: bytes) -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="lesson.pcapng"\r\n\r\n'
    return f"{head}{file}".encode() + octets + b"\r\n--x--\r\n"


def post(server: LiveServer, octets: bytes) -> tuple[int, str]:
    """Status, and the page or where it leads."""
    connection = http.client.HTTPConnection(server.host, timeout=60)
    connection.request("GET", "/recordings/", headers={"Cookie": server.cookie})
    page = connection.getresponse()
    cookie = f"{server.cookie}; {(page.getheader('Set-Cookie') or '').partition(';')[0]}"
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert found is not None
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": cookie}
    connection.request("POST", "/recordings/upload/", body=form(found[1], octets), headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("Location") or text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("var"), LAB="off", UPLOAD_LIMIT_MB="20") as running:
        running.read_until("Lab ")
        yield running


def test_a_browser_without_a_script_can_upload(server: LiveServer) -> None:
    status, address = post(server, pcapng(octets_of_run()))
    assert status == 302
    assert re.fullmatch(r"/recordings/\d+/", address)


def test_what_is_too_large_is_sent_to_its_end_and_hears_why(server: LiveServer) -> None:
    status, page = post(server, bytes(30 * MEGABYTE))
    assert (status, "This file is too large: a capture may have up to 20.0" in page) == (413, True)


@pytest.mark.parametrize(
    ("path", "has_session"), [("/hello/", True), ("/i18n/setlang/", True), ("/recordings/upload/", False)]
)
async def test_what_is_no_presenters_upload_never_comes_to_the_disk(
    server: LiveServer, path: str, *, has_session: bool
) -> None:
    cookie = f"Cookie: {server.cookie}\r\n" if has_session else ""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST {path} HTTP/1.1\r\nHost: {server.host}\r\n{cookie}Content-Length: {10 * MEGABYTE + 1}\r\n\r\n"
    writer.write(head.encode())
    writer.write(bytes(10 * MEGABYTE))
    await writer.drain()
    await asyncio.to_thread(page_of, server)  # by then the octets have been read, or wait for it
    assert deleted_octets(server) < MEGABYTE
    writer.write(b"x")
    assert (await reader.readuntil(b"\r\n"))[9:10] in b"34"
    writer.close()


def page_of(server: LiveServer) -> int:
    connection = http.client.HTTPConnection(server.host, timeout=60)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status


def deleted_octets(server: LiveServer) -> int:
    """Of files without a name that the server holds open: so a body lies on the disk."""
    total = 0
    for each in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if each.readlink().name.endswith("(deleted)"):
                total += each.stat().st_size
    return total


async def test_a_large_upload_holds_nobody_up_and_stays_out_of_memory(server: LiveServer) -> None:
    before = most_memory_kib(server)
    async with websocket(server.host, f"/ws/show/{server.code}/") as socket:
        await socket.read_until("snapshot")
        upload = asyncio.create_task(asyncio.to_thread(post, server, bytes(20 * MEGABYTE)))
        began, waits = time.perf_counter(), []
        while not upload.done():
            asked = time.perf_counter()
            await socket.send(kind="ping", client_ms=0)
            await socket.read_until("pong")
            waits.append(time.perf_counter() - asked)
            await asyncio.sleep(0.06)
        assert (await upload)[0] == 400
    assert max(waits) < (time.perf_counter() - began) / 2  # or one answer waited for most of the upload
    assert most_memory_kib(server) - before < 15 * 1024


def most_memory_kib(server: LiveServer) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
