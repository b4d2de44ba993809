"""A Chromium that is asked over the DevTools protocol for nothing but the result of an expression.

Playwright has every websocket message of a page copied to itself, so a page that Playwright watches hears them late.
"""

import asyncio
import itertools
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.browser.ensure_chromium import ARGUMENTS
from tests.web.live import LiveServer, WebSocketClient, websocket

PATIENCE_S = 20
LISTENING = re.compile(r"DevTools listening on ws://([^/]+)(/\S+)")
LOADED = """() => new Promise((done) => {
  if (document.readyState === "complete") done(); else addEventListener("load", () => done());
})"""


class PlainPage:
    """One tab."""

    def __init__(self, socket: WebSocketClient) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send(id=number, method=method, params=params)
        while (message := await self._socket.read()) is not None:
            if message.get("id") == number:
                assert "error" not in message, message["error"]
                result: dict[str, Any] = message["result"]
                return result
        raise AssertionError("Chromium has closed the page")

    async def evaluate(self, function: str) -> Any:
        """What the function gives, or the promise that it gives."""
        answer = await self.ask("Runtime.evaluate", expression=f"({function})()", awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def present(self, server: LiveServer, *, first: str) -> None:
        """The presenter's page of the server's class; it leads from its first press."""
        await self.be_presenter(server)
        await self.go(f"http://{server.host}/present/{server.code}/", first=first)

    async def be_presenter(self, server: LiveServer) -> None:
        url = f"http://{server.host}/"
        await self.ask("Network.setCookie", name="sessionid", value=server.presenter, url=url)

    async def go(self, url: str, *, first: str) -> None:
        """Open a page; `first` runs before the page's own scripts."""
        await self.ask("Page.enable")
        await self.ask("Page.addScriptToEvaluateOnNewDocument", source=first)
        await self.ask("Page.navigate", url=url)
        await self.evaluate(LOADED)


@asynccontextmanager
async def plain_page(chromium: str) -> AsyncIterator[PlainPage]:
    """A browser with one tab, and a profile of its own that goes with it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            *(chromium, "--headless", *ARGUMENTS, "--remote-debugging-port=0", "--remote-allow-origins=*"),
            *(f"--user-data-dir={profile}", "about:blank"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            async with asyncio.timeout(PATIENCE_S):
                host, browser = await _announced(process.stderr)
                tab = await _tab(host, browser)
            drain = asyncio.create_task(process.stderr.read())
            async with websocket(host, f"/devtools/page/{tab}") as socket:
                yield PlainPage(socket)
            drain.cancel()
        finally:
            process.terminate()
            await process.wait()


async def _announced(errors: asyncio.StreamReader) -> tuple[str, str]:
    """Chromium says on its standard error where it listens; gives host and path."""
    async for line in errors:
        if found := LISTENING.search(line.decode(errors="replace")):
            return found[1], found[2]
    raise AssertionError("Chromium ended before it listened")


async def _tab(host: str, browser: str) -> str:
    async with websocket(host, browser) as socket:
        targets = await PlainPage(socket).ask("Target.getTargets")
    return next(each["targetId"] for each in targets["targetInfos"] if each["type"] == "page")
