"""Somebody with a browser: one page in a context of its own, and what one can see and do there."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.live import PATIENCE_S, LiveServer, websocket

PRESENT, SHOW, JOIN = "/present/{code}/", "/show/{code}/", "/join/{code}/"
CONNECTING = re.compile("Connecting|Verbindung wird aufgebaut")
"""What the badge says until the page knows its class."""

expect.set_options(timeout=PATIENCE_S * 1000 / 2)


@dataclass(kw_only=True)
class Visitor:
    """`complaints` are console errors and exceptions, `strangers` requests to any other host."""

    page: Page
    server: LiveServer
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    async def leave(self) -> None:
        await self.page.context.close()

    async def press_start(self, *, cold: bool = False) -> dict[str, Any]:
        """A whole run, which the page has by then; what the server knows of it, read on a socket of the test's own."""
        before = (await snapshot(self.server))["run"]["number"]
        await self.page.get_by_label("Forget MAC addresses first").set_checked(cold)
        await self.page.get_by_role("button", name="Start handshake").click()
        run = await finished_run(self.server, after=before)
        await expect(self.page.locator("#table lv-kept a").first).to_have_attribute("href", address_of(run))
        await expect(self.page.locator("lv-status .place")).to_contain_text(f"of {len(run['journeys'])}")
        return run

    async def key(self, name: str) -> None:
        await self.page.keyboard.press(name)

    async def rest_at(self, step: dict[str, Any]) -> None:
        """Until the step is shown; with reduced motion it rests from then on."""
        await expect(self.page.locator("lv-caption .caption-title")).to_have_text(step["title"])
        await expect(self.page.locator("lv-caption .caption-sentence")).to_have_text(step["sentence"])

    async def shown(self, side: str) -> str:
        """All text of one host's stack, white space folded."""
        text = await self.page.locator(f'lv-stack[data-side="{side}"]').evaluate("stack => stack.textContent")
        return re.sub(r"\s+", " ", text)


async def visit(
    browser: Browser, server: LiveServer, path: str = PRESENT, *, lead: bool = True, **options: Any
) -> Visitor:
    """`{code}` in the path is the class's. Whoever comes to the projector's or the students' pages is nobody's
    presenter; whoever comes to the presenter's takes the class over unless `lead` is False."""
    context = await browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
    if path not in (SHOW, JOIN):
        url = f"http://{server.host}/"
        await context.add_cookies([{"name": "sessionid", "value": server.presenter, "url": url, "httpOnly": True}])
    page = await context.new_page()
    visitor = Visitor(page=page, server=server)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    page.on("console", lambda message: message.type == "error" and visitor.complaints.append(message.text))
    page.on("request", lambda request: _note_stranger(visitor, request.url))
    await page.goto(f"http://{server.host}{path.format(code=server.code)}")
    await expect(page.locator("lv-status .badge")).not_to_have_text(CONNECTING)
    if path == PRESENT and lead:
        await take_over(visitor)
    return visitor


async def take_over(visitor: Visitor) -> None:
    """Until this page leads its class, by the server and by what it shows."""
    server = visitor.server
    await expect(visitor.page.locator("lv-status .badge")).not_to_have_text(CONNECTING)
    window = await visitor.page.evaluate("sessionStorage.getItem('layersviz-window')")
    async with asyncio.timeout(PATIENCE_S):
        while (await snapshot(server))["leader"] != window:
            await ask(visitor, {"kind": "take_over"})
            await asyncio.sleep(0.2)
    await expect(visitor.page.locator("lv-lead [data-tone=led]")).to_be_hidden()


async def snapshot(server: LiveServer) -> dict[str, Any]:
    async with websocket(server.host, f"/ws/show/{server.code}/") as socket:
        return await socket.read_until("snapshot")


async def finished_run(server: LiveServer, *, after: int) -> dict[str, Any]:
    """The first run behind number `after`, once it has ended and is kept, or was played before."""
    async with asyncio.timeout(PATIENCE_S), websocket(server.host, f"/ws/show/{server.code}/") as socket:
        while (message := await socket.read()) is not None:
            if message["kind"] in ("snapshot", "run_opened", "run_kept"):
                run: dict[str, Any] = (await snapshot(server))["run"]
                if run["number"] > after and (run["recording"] is not None or run["replay"] is not None):
                    return run
            if "seq" in message:
                await socket.send(kind="acknowledge", seq=message["seq"])
    raise AssertionError(f"closed with {socket.closed} before the run was kept")


async def skip_without_lab(server: LiveServer) -> None:
    """Where the kernel forbids the lab the server has said so by now, and simulates."""
    if (await snapshot(server))["lab"]["source"] == "simulated":
        pytest.skip("This kernel forbids the lab, so there are no kernels and no wire to see at work.")


def address_of(run: dict[str, Any]) -> str:
    """Of the page on which the run is looked at alone."""
    return f"/recordings/{run['recording']}/"


def _note_stranger(visitor: Visitor, url: str) -> None:
    own = (f"http://{visitor.server.host}/", f"ws://{visitor.server.host}/", "data:", "blob:")
    if not url.startswith(own):
        visitor.strangers.append(url)


async def seek(visitor: Visitor, instant_ms: float) -> None:
    """As a drag of the scrubber asks it."""
    await ask(visitor, {"kind": "seek", "instant_ms": instant_ms})


async def ask(visitor: Visitor, wish: dict[str, Any]) -> None:
    """As an element asks it, whatever has the focus."""
    await visitor.page.evaluate(
        "wish => document.querySelector('lv-scrubber').dispatchEvent("
        "new CustomEvent('lv-ask', {bubbles: true, detail: wish}))",
        wish,
    )
