"""The handout in a real browser: on paper, without a script, in both themes, and as a PDF."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.any_link import upload
from tests.browser.axe import complaints
from tests.browser.visitor import Visitor
from tests.web.live import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
PRINTED_PX = {"A4": 688, "Letter": 710}
"""How wide a sheet is between the margins of static/css/handout.css, at 96 dots an inch."""
WHOLE, LOST, CLOSED = "A whole visit", "One segment is lost", "UDP to a closed port"

CUT = """() => {
  const page = document.scrollingElement;
  const cut = page.scrollWidth > page.clientWidth ? [`page: ${page.scrollWidth} of ${page.clientWidth}`] : [];
  for (const cell of document.querySelectorAll("article :is(td, th, p, dd, figcaption)")) {
    if (cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth > 0) cut.push(cell.textContent.trim());
  }
  for (const name of document.querySelectorAll(".bits .narrow .name")) {
    if (name.offsetHeight > 1.5 * parseFloat(getComputedStyle(name).lineHeight)) cut.push(name.textContent);
  }
  for (const drawing of document.querySelectorAll("article svg")) {
    const { x, width } = drawing.viewBox.baseVal;
    for (const text of drawing.querySelectorAll("text")) {
      const box = text.getBBox();
      if (box.x < x || box.x + box.width > x + width) cut.push(text.textContent);
    }
  }
  return cut;
}"""
OVERLAPPING = """() => {
  const boxOf = (text) => {
    const { x, y, width, height } = text.getBBox();
    return { words: text.textContent, left: x, right: x + width, top: y + 1.5, bottom: y + height - 1.5 };
  };
  const meet = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  return [...document.querySelectorAll("article .rungs svg")].flatMap((drawing) => {
    const boxes = [...drawing.querySelectorAll("text")].map(boxOf);
    return boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) => meet(one, other))
      .map((other) => `${one.words} / ${other.words}`));
  });
}"""


async def open_handout(visitor: Visitor, lesson: str, query: str = "") -> None:
    """As a teacher gets there: from the list to the stage, and on."""
    base = f"http://{visitor.server.host}"
    await visitor.page.goto(f"{base}/recordings/")
    address = await visitor.page.locator("a", has_text=lesson).first.get_attribute("href")
    await visitor.page.goto(f"{base}{address}")
    handout = await visitor.page.get_by_role("link", name="Handout").get_attribute("href")
    await visitor.page.goto(f"{base}{handout}{query}")
    await expect(visitor.page.get_by_role("heading", name="The ladder")).to_be_visible()


async def pages_of(page: Page, sheet: str) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", await page.pdf(format=sheet)))


@pytest.mark.parametrize("sheet", list(PRINTED_PX))
async def test_a_handshake_is_four_sheets_and_its_steps_a_dozen_more(open_page: Open, sheet: str) -> None:
    visitor = await open_page()
    await open_handout(visitor, WHOLE)
    assert 3 <= await pages_of(visitor.page, sheet) <= 5
    await visitor.page.get_by_role("link", name="With every step in full").click()
    await expect(visitor.page.get_by_role("heading", name="Every step in full")).to_be_visible()
    assert 10 <= await pages_of(visitor.page, sheet) <= 18


@pytest.mark.parametrize("sheet", list(PRINTED_PX))
@pytest.mark.parametrize("lesson", [WHOLE, LOST, CLOSED])
async def test_on_paper_nothing_is_cut_and_no_words_lie_on_others(open_page: Open, sheet: str, lesson: str) -> None:
    visitor = await open_page(viewport={"width": PRINTED_PX[sheet], "height": 980})
    await open_handout(visitor, lesson, "?full=1")
    await visitor.page.emulate_media(media="print")
    assert await visitor.page.evaluate(CUT) == []
    assert await visitor.page.evaluate(OVERLAPPING) == []


async def test_long_addresses_have_room_on_paper(open_page: Open) -> None:
    visitor = await open_page(viewport={"width": PRINTED_PX["A4"], "height": 980})
    await upload(visitor)
    address = await visitor.page.locator("tr", has_text="35310").locator("a.open").get_attribute("href")
    await visitor.page.goto(f"http://{visitor.server.host}{address}handout/")
    await visitor.page.emulate_media(media="print")
    await expect(visitor.page.locator(".bits .tall")).to_have_count(2)  # both IPv6 addresses
    assert await visitor.page.evaluate(CUT) == []
    assert await visitor.page.evaluate(OVERLAPPING) == []


async def test_paper_is_light_whatever_the_theme_and_has_no_buttons(open_page: Open) -> None:
    visitor = await open_page(color_scheme="dark")
    await visitor.page.evaluate("localStorage.setItem('layersviz-theme', 'dark')")
    await open_handout(visitor, WHOLE)
    colours = "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    dark = await visitor.page.evaluate(colours)
    await visitor.page.emulate_media(media="print", color_scheme="dark")
    light = await visitor.page.evaluate(colours)
    assert light == ["rgb(255, 255, 255)", "rgb(19, 29, 41)"]
    assert dark != light
    for gone in ("link", "button"):
        await expect(visitor.page.get_by_role(gone)).to_have_count(0)


async def test_the_button_opens_the_print_dialog(open_page: Open) -> None:
    visitor = await open_page()
    await visitor.page.add_init_script("window.print = () => { document.title = 'printed'; }")
    await open_handout(visitor, WHOLE)
    await visitor.page.get_by_role("button", name="Print or save as PDF").click()
    await expect(visitor.page).to_have_title("printed")


async def test_without_a_script_all_of_it_is_there_but_the_button(chromium: Browser, house: LiveServer) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    try:
        page = await context.new_page()
        await open_handout(Visitor(page=page, server=house), WHOLE)
        for heading in ("The ladder", "Every frame", "The headers, 32 bits to a row"):
            await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        await expect(page.get_by_role("button", name="Print or save as PDF")).to_be_hidden()
    finally:
        await context.close()


async def test_axe_finds_nothing_on_a_handout(open_page: Open) -> None:
    """In every width and length; a whole visit's in both languages is looked at with the other pages."""
    phone = {"viewport": {"width": 390, "height": 844}}
    wide, narrow = await open_page(bypass_csp=True), await open_page(bypass_csp=True, **phone)
    await open_handout(wide, LOST)
    await open_handout(narrow, LOST, "?full=1")
    page = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert await narrow.page.evaluate(page) == 0
    assert await complaints(wide, narrow) == []
    await open_handout(wide, CLOSED, "?full=1")
    assert await complaints(wide) == []
