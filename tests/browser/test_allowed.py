"""What the presenter lets the students press: the switches in the dialog of the class, and the buttons on a phone."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.test_joining import PHONE, SIDEWAYS, SMALL_TARGETS, STILL
from tests.browser.visitor import JOIN, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
AGAIN = "Start the run again"


async def switch(presenter: Visitor, *names: str) -> None:
    """In the dialog of the class; it is closed again."""
    await presenter.page.get_by_role("button", name="follow").click()
    dialog = presenter.page.get_by_role("dialog")
    for name in names:
        await dialog.get_by_label(name).click()
    await dialog.get_by_role("button", name="Close").click()


async def test_a_student_starts_the_run_again_while_that_is_allowed_and_no_longer(open_page: Open) -> None:
    presenter = await open_page(**STILL)
    before = await presenter.press_start()
    pupil = await open_page(JOIN, **PHONE, **STILL)
    again = pupil.page.get_by_role("button", name=AGAIN)
    await expect(again).to_have_count(0)
    await switch(presenter, "Start the run on the stage again")
    await expect(again).to_be_visible()
    assert await pupil.page.evaluate(SIDEWAYS) == 0
    assert await pupil.page.evaluate(SMALL_TARGETS) == []
    await again.click()
    port = str(before["hosts"]["client"]["port"])
    await expect(presenter.page.locator("#stage")).not_to_contain_text(f"port {port}")
    await expect(presenter.page.get_by_text("Another window")).to_have_count(0)
    await switch(presenter, "Start the run on the stage again")
    await expect(again).to_have_count(0)
    await expect(pupil.page.get_by_role("button", name="Look around")).to_be_visible()
