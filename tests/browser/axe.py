"""What axe finds on a page as it stands, in the light theme and in the dark one."""

import asyncio

from axe_playwright_python.async_playwright import Axe

from tests.browser.visitor import Visitor

FIND = """async (theme) => {
  await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)));
  if (!matchMedia(`(prefers-color-scheme: ${theme})`).matches) throw new Error(`The theme is not ${theme}.`);
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${theme}: ${id}: ${nodes[0].html.slice(0, 160)}`);
}"""


async def complaints(*visitors: Visitor) -> list[str]:
    """All rules, in both themes, for each of them: they have a renderer of their own, so several are looked at at once.
    They have to have set the page's own policy aside, which forbids the script that axe is."""
    looks = await asyncio.gather(*map(_in_both_themes, visitors))
    return [each for found in looks for each in found]


async def _in_both_themes(visitor: Visitor) -> list[str]:
    return [*await _complaints(visitor, "light"), *await _complaints(visitor, "dark")]


async def _complaints(visitor: Visitor, theme: str) -> list[str]:
    page = visitor.page
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    await page.emulate_media(color_scheme=theme)
    found: list[str] = await page.evaluate(FIND, theme)
    return found
