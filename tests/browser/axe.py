"""What axe finds on a page as it stands, in the light theme and in the dark one."""

import asyncio
from itertools import count, cycle, islice

from axe_playwright_python.async_playwright import Axe

from tests.browser.visitor import Visitor

FIND = """async (theme) => {
  await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)));
  if (!matchMedia(`(prefers-color-scheme: ${theme})`).matches) throw new Error(`The theme is not ${theme}.`);
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${theme}: ${id}: ${nodes[0].html.slice(0, 160)}`);
}"""


_turns = count()


async def complaints(*visitors: Visitor) -> list[str]:
    """All rules, in both themes. Each visitor has a renderer of its own, so several are looked at at once: then each in
    one theme, neighbours in different ones, and the next time the other way round. They have to have set the page's own
    policy aside, which forbids the script that axe is."""
    if len(visitors) == 1:
        return [*await _complaints(visitors[0], "light"), *await _complaints(visitors[0], "dark")]
    themes = islice(cycle(("light", "dark")), next(_turns) % 2, None)
    looks = [_complaints(visitor, theme) for visitor, theme in zip(visitors, themes, strict=False)]
    return [each for found in await asyncio.gather(*looks) for each in found]


async def _complaints(visitor: Visitor, theme: str) -> list[str]:
    page = visitor.page
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    await page.emulate_media(color_scheme=theme)
    found: list[str] = await page.evaluate(FIND, theme)
    return found
