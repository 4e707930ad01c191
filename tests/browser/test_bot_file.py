"""A bot is exported, imported and copied in a browser."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from chatbot.bot_file import bot_contents, write
from chatbot.models import Bot
from chatbot.starter import create_starter_bot
from tests.browser.conftest import Open, member_of, overflows
from tests.groups import restore_groups

IMPORT = reverse("admin:chatbot_bot_import")

BROKEN = """\
format: 1
name: Broken
greeting: Hello.
intents:
  - name: hello
    replys:
      - Hi.
  - name: hello
    keywords: ["{name:shoe}", "?!"]
"""


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_file", args=[bot.pk])


def choose(page: Page, file: Path, text: str, button: str) -> None:
    """Choose a file with this text, and press the button below it."""
    file.write_text(text, encoding="utf-8")
    page.get_by_label("Bot file:").set_input_files(file)
    page.get_by_role("button", name=button).click()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.yaml"


def test_editor_takes_a_bot_out_changes_it_and_puts_it_back(open_page: Open, file: Path) -> None:
    """The way of a file from the bot's page and back to it."""
    restore_groups()
    bot = create_starter_bot("en")
    page = open_page(reverse("admin:chatbot_bot_change", args=[bot.pk]), member_of("Editor"))
    page.get_by_role("link", name="Export, import, copy").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    assert download.value.suggested_filename == "starter-bot.yaml"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text == write(bot_contents(bot.pk))
    choose(page, file, text.replace("Hi, how are you?", "Good day."), "Show what would change")
    expect(page.get_by_role("heading", name="What the file changes")).to_be_visible()
    expect(page.get_by_text("Intents: 1 changed – “hello”.")).to_be_visible()
    page.get_by_role("button", name="Make these changes").click()
    expect(page.get_by_text("The bot is now as it is in the file.")).to_be_visible()
    assert bot.intents.get(name="hello").replies.get().text == "Good day."


def test_problems_of_a_file_are_listed_by_line(open_page: Open, file: Path) -> None:
    """The editor sees all of them, and can choose another file at once."""
    page = open_page(page_of(create_starter_bot("en")))
    choose(page, file, BROKEN, "Show what would change")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("nothing was changed")
    expect(alert.get_by_role("row", name="6 “replys” is not known here")).to_be_visible()
    expect(page.get_by_label("Bot file:")).to_be_visible()


def test_copy_is_one_click(open_page: Open) -> None:
    """The editor is led to the copy."""
    restore_groups()
    page = open_page(page_of(create_starter_bot("en")), member_of("Editor"))
    page.get_by_role("button", name="Copy this bot").click()
    expect(page.get_by_label("Name:", exact=True).first).to_have_value("Starter bot (copy)")


def test_new_bot_comes_from_a_file(open_page: Open, file: Path) -> None:
    """A file of another installation becomes a bot of this one."""
    restore_groups()
    text = write(bot_contents(create_starter_bot("nl").pk))
    page = open_page(IMPORT, member_of("Editor"))
    choose(page, file, text, "Import")
    expect(page.get_by_text("Added “Startbot (2)” from the file.")).to_be_visible()


def test_supervisor_can_only_export(open_page: Open) -> None:
    """Who edits no bot can still read it."""
    restore_groups()
    page = open_page(page_of(create_starter_bot("en")), member_of("Supervisor"))
    expect(page.get_by_role("link", name="Download the file")).to_be_visible()
    expect(page.get_by_label("Bot file:")).to_have_count(0)
    expect(page.get_by_role("button", name="Copy this bot")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_window(open_page: Open, file: Path, width: int, scheme: str) -> None:
    """Nobody has to scroll sideways: on the page, below a preview and below problems."""
    bot = create_starter_bot("en")
    page = open_page(page_of(bot), width=width, scheme=scheme)
    assert not overflows(page)
    text = write(bot_contents(bot.pk)).replace("name: hello", f"name: {'hello' * 19}")
    choose(page, file, text, "Show what would change")
    expect(page.get_by_role("button", name="Make these changes")).to_be_visible()
    assert not overflows(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("button", name="Make these changes")).to_have_count(0)
    choose(page, file, BROKEN, "Show what would change")
    expect(page.get_by_role("alert")).to_be_visible()
    assert not overflows(page)
    new = open_page(IMPORT, width=width, scheme=scheme)
    assert not overflows(new)
    choose(new, file, BROKEN, "Import")
    expect(new.get_by_role("alert")).to_be_visible()
    assert not overflows(new)
