"""The lists of the product, in a window as narrow as a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from calls.models import Call
from tests.browser.conftest import Open
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot

CALLS = reverse("admin:calls_call_changelist")
BOTS = reverse("admin:chatbot_bot_changelist")


def is_scrolled_sideways(page: Page) -> bool:
    """Whether a part of the list is beyond the edge of its frame."""
    return bool(
        page.locator(".results").evaluate("(frame) => frame.scrollWidth > frame.clientWidth + 1")
    )


@pytest.mark.usefixtures("transactional_db")
def test_cells_stand_below_each_other_and_say_what_they_are(open_page: Open) -> None:
    """Nothing of a row is out of sight."""
    create_bot("Bakery with a name that is longer than a telephone is wide")
    page = open_page(BOTS, width=390)
    language = page.get_by_role("cell", name="en-US")
    expect(language).to_be_in_viewport()
    assert language.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"Language"'
    assert not is_scrolled_sideways(page)


@pytest.mark.usefixtures("transactional_db")
def test_list_stays_a_table_for_screen_readers(open_page: Open) -> None:
    """Although it is displayed as none."""
    create_bot("Bakery")
    page = open_page(BOTS, width=390)
    expect(page.get_by_role("columnheader", name="Language")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Bakery")).to_be_visible()


@pytest.mark.usefixtures("transactional_db")
def test_list_without_scripts_is_scrolled(open_page: Open) -> None:
    """It is a table then, and nothing is lost."""
    create_bot("Bakery with a name that is longer than a telephone is wide")
    page = open_page(BOTS, width=390)
    page.route("**/list_rows.js", lambda route: route.fulfill(body=""))
    page.reload()
    assert is_scrolled_sideways(page)


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("query", ["", "?q=open+today"])
def test_calls_are_listed_with_all_columns_beside_the_filters(open_page: Open, query: str) -> None:
    """In a common window; how a call ended is the last of them."""
    bot = create_bot("The bakery in Maple Avenue")
    record_call(bot, "are you open today, and until when?")
    Call.objects.update(outcome=Call.Outcome.NOT_HEARD)
    page = open_page(f"{CALLS}{query}", width=1280)
    expect(page.get_by_role("cell", name="the caller could not be heard")).to_be_in_viewport(
        ratio=1
    )
    assert not is_scrolled_sideways(page)
