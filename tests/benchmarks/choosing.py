"""From the click on a conversation of an uploaded capture of 100,000 frames to the first picture on the stage."""

import asyncio
import http.cookiejar
import re
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from statistics import median

from layersviz.core.packet import Packet
from layersviz.files import PcapngWriter
from tests.benchmarks.captures import CLIENTS, make_capture
from tests.benchmarks.figure import Figure
from tests.benchmarks.plain_chromium import LOADED, PlainPage, plain_page
from tests.browser.ensure_chromium import WITHOUT, find_chromium
from tests.web.live import LiveServer, live_server

CHOICES = 9
QUIET_S = 1.0
LONG = 9_999
"""Frames of the one long conversation."""

WATCH = """
addEventListener("click", () => sessionStorage.setItem("clicked", performance.timeOrigin + performance.now()), true);
window.drawn = new Promise((done) => {
  const isThere = () => document.querySelector("lv-status .place")?.textContent.startsWith("Frame");
  const watcher = new MutationObserver(() => {
    if (!isThere()) return;
    watcher.disconnect();
    requestAnimationFrame(() => done(performance.timeOrigin + performance.now() - sessionStorage.getItem("clicked")));
  });
  watcher.observe(document, {subtree: true, childList: true, characterData: true});
});
"""
DRAWN = """() => Promise.race([
  window.drawn, new Promise((done, fail) => setTimeout(() => fail(new Error("no picture within 10 s")), 10000))])"""


async def measure() -> list[Figure]:
    chromium = find_chromium(with_a_window=True)
    if chromium is None:
        return [Figure(name="choosing a conversation", value="not measured", goal=WITHOUT)]
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        await asyncio.to_thread(server.read_until, "Lab ")
        many, long = Path(var) / "many.pcapng", Path(var) / "long.pcap"
        await asyncio.to_thread(make_capture, many, CLIENTS)
        await asyncio.to_thread(_make_long, long)
        took_s, address = await asyncio.to_thread(_upload, server, many)
        _, long_address = await asyncio.to_thread(_upload, server, long)
        async with plain_page(chromium) as page:
            await page.go(f"http://{server.host}{address}", first=WATCH)
            chosen = [await _choose(page, server, address, place) for place in range(CHOICES + 1)]
            in_middle = [
                await _choose(page, server, f"{long_address}conversations/1/?frame={frame}", None)
                for frame in range(1, LONG, LONG // CHOICES)
            ]
    return [
        Figure(name="upload of 100,000 frames, to the list of conversations", value=f"{took_s:.2f} s", goal=""),
        Figure(name="conversation chosen to first picture, the first time", value=f"{chosen[0]:.0f} ms", goal=""),
        Figure(name=f"the same, median of {CHOICES} afterwards", value=f"{median(chosen[1:]):.0f} ms", goal="< 300 ms"),
        Figure(
            name=f"another part of one of {LONG:,} frames, median of {len(in_middle)}",
            value=f"{median(in_middle):.0f} ms",
            goal="< 300 ms",
        ),
    ]


async def _choose(page: PlainPage, server: LiveServer, address: str, link: int | None) -> float:
    """Milliseconds from the click to the picture. Without a link the page is left for the address itself."""
    if link is not None:
        await _open(page, f"http://{server.host}{address}")
        leave = f"document.querySelectorAll('a.open')[{link}].click()"
    else:
        leave = (
            "sessionStorage.setItem('clicked', performance.timeOrigin + performance.now());"
            f"location.assign('{address}')"
        )
    await page.evaluate(f"() => {{ setTimeout(() => {{ {leave} }}, 50); }}")
    await asyncio.sleep(QUIET_S)
    drawn: float = await page.evaluate(DRAWN)
    return drawn


async def _open(page: PlainPage, url: str) -> None:
    await page.ask("Page.navigate", url=url)
    await page.evaluate(LOADED)
    await asyncio.sleep(QUIET_S)


def _upload(server: LiveServer, file: Path) -> tuple[float, str]:
    """As a browser without a script does it: seconds, and the address where the conversations are."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    opener.addheaders.append(("Cookie", server.cookie))
    page = opener.open(f"http://{server.host}/recordings/").read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    parts = [
        f'--part\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{found[1]}\r\n'.encode(),
        f'--part\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'.encode(),
        file.read_bytes(),
        b"\r\n--part--\r\n",
    ]
    request = urllib.request.Request(
        f"http://{server.host}/recordings/upload/",
        data=b"".join(parts),
        headers={"Content-Type": "multipart/form-data; boundary=part"},
    )
    began = time.perf_counter()
    with opener.open(request) as answer:
        answer.read()
        return time.perf_counter() - began, urllib.parse.urlsplit(answer.url).path


def _make_long(path: Path) -> None:
    """One download: a handshake, then data and acknowledgments."""
    from scapy.layers.inet import IP, TCP
    from scapy.layers.l2 import Ether

    there = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="192.0.2.2")
    back = Ether(src="02:00:00:00:00:02", dst="02:00:00:00:00:01") / IP(src="192.0.2.2", dst="192.0.2.1")
    out = {"sport": 40_000, "dport": 8080}
    home = {"sport": 8080, "dport": 40_000}
    frames = [
        there / TCP(**out, flags="S", seq=1000),
        back / TCP(**home, flags="SA", seq=5000, ack=1001),
        there / TCP(**out, flags="A", seq=1001, ack=5001),
    ]
    for place in range((LONG - len(frames)) // 2):
        frames.append(back / TCP(**home, flags="PA", seq=5001 + 1000 * place, ack=1001) / bytes(1000))
        frames.append(there / TCP(**out, flags="A", seq=1001, ack=6001 + 1000 * place))
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        for number, frame in enumerate(frames, start=1):
            octets = bytes(frame)
            writer.write(Packet(number=number, octets=octets, length=len(octets), time_ns=number * 1_000_000))
