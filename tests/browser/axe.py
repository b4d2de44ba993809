"""What axe finds on a page as it stands, in the light theme and then in the dark one."""

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
    """All rules, in both themes. Each visitor has a renderer of its own, so several are looked at at once. They have to
    have set the page's own policy aside, which forbids the script that axe is."""
    return [each for found in await asyncio.gather(*map(_complaints, visitors)) for each in found]


async def _complaints(visitor: Visitor) -> list[str]:
    page = visitor.page
    found: list[str] = []
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        found += await page.evaluate(FIND, theme)
    return found
