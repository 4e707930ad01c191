"""The page of the phone: calling, keys, and how it looks."""

import pytest
from playwright.sync_api import Browser, Page, expect

from calls.models import Call
from chatbot.models import Bot, Reprompt
from tests.browser.conftest import Open, member_of, overflows
from tests.browser.phone.conftest import (
    PHONE,
    call,
    hang_up,
    sound_is_sent,
    sounds,
    state,
    talks,
    watch_line,
)
from tests.calls.phone.servers import StartServer
from tests.server import Server


def test_page_without_a_voice_lets_read(phone: Page) -> None:
    """The text is there, as long as it takes to read; then the bot goes on."""
    call(phone)
    expect(phone.locator(".phone-caption")).to_have_text("How can I help you?")
    expect(phone.get_by_text("This browser has no voice")).to_be_visible()
    talks(phone)
    hang_up(phone)


def test_call_can_be_placed_again(phone: Page) -> None:
    """One call after the other, each with a SID of its own."""
    sids = set()
    for _ in range(2):
        call(phone)
        talks(phone)
        hang_up(phone)
        sids.add(phone.locator(".phone").get_attribute("data-sid"))
    assert sids == set(Call.objects.values_list("sid", flat=True))
    assert len(sids) == 2


def test_call_is_placed_with_a_double_click(phone: Page) -> None:
    """The second click would else hang up at once; and call again after the one that hangs up."""
    phone.get_by_role("button", name="Call", exact=True).dblclick()
    talks(phone)
    phone.get_by_role("button", name="Hang up").dblclick()
    expect(state(phone)).to_contain_text("The call is over: the caller hung up.")
    assert Call.objects.count() == 1


def test_key_that_is_held_calls_once(phone: Page) -> None:
    """A key that repeats is pressed on whatever has the focus by then."""
    phone.get_by_label("Your number").focus()
    for _ in range(2):  # pressed, and repeated
        phone.keyboard.down("Enter")
    phone.keyboard.up("Enter")
    talks(phone)
    hang_up(phone)
    assert Call.objects.count() == 1


def test_transcript_follows_the_call(phone: Page) -> None:
    """What the bot says stands there as it is said, and what becomes of the call."""
    call(phone)
    expect(phone.locator(".turns")).to_contain_text("How can I help you?")
    sid = Call.objects.get().sid
    expect(phone.locator(".phone")).to_have_attribute("data-sid", sid)
    talks(phone)
    hang_up(phone)
    phone.get_by_role("link", name="Find this one").click()
    expect(phone.locator("#result_list tbody tr")).to_have_count(1)


def test_bot_and_number_are_chosen(
    open_page: Open, quiet: Browser, bot: Bot, shared_server: Server
) -> None:
    """By whoever may see the bots."""
    Bot.objects.create(name="Other", greeting="Other here.", fallback="What?")
    page = open_page(PHONE, member_of("Editor"), at=shared_server.url, browser=quiet)
    page.get_by_label("Bot", exact=True).select_option("Other")
    page.get_by_label("Your number").fill("+31 20 123 4567")
    call(page)
    expect(page.locator(".phone-caption")).to_have_text("Other here.")
    hang_up(page)
    assert Call.objects.get().from_number == "+31201234567"


@pytest.mark.parametrize("number", ["112", "+31 6 12", "+", "+31 20 123 4567 890 1234"])
def test_number_that_is_none_is_not_called_with(phone: Page, number: str) -> None:
    """The field says how one is written, whatever stands between its digits."""
    field = phone.get_by_label("Your number")
    field.fill(number)
    call(phone)
    complaint = field.evaluate("field => field.validationMessage")
    assert complaint.startswith("That is no telephone number. Write it with its country code")
    expect(phone.get_by_role("button", name="Call", exact=True)).to_be_visible()
    assert not Call.objects.exists()


def test_number_that_was_mended_is_called_with(phone: Page) -> None:
    """The complaint goes away, also where the number is withheld."""
    field = phone.get_by_label("Your number")
    for number in ("+31 6 12", " "):
        field.fill(number)
    call(phone)
    talks(phone)
    hang_up(phone)


# --- Keys, mute and transfers -------------------------------------------------------------------


def test_keys_are_clicked_or_typed(phone: Page) -> None:
    """Each is a button with a name, and a key of the keyboard."""
    sent = watch_line(phone)
    call(phone)
    talks(phone)
    keypad = phone.get_by_role("group", name="Keypad")
    for name in ("5", "star", "hash"):
        keypad.get_by_role("button", name=name, exact=True).click()
    phone.keyboard.press("0")
    expect(phone.get_by_label("Pressed")).to_have_text("5*#0")
    hang_up(phone)
    pressed = [frame for frame in sent if isinstance(frame, str) and "press" in frame]
    assert [frame[-3] for frame in pressed] == list("5*#0")


def test_digits_in_a_field_are_no_keys(phone: Page) -> None:
    """Nor are those of a shortcut, or typed without a call."""
    phone.keyboard.press("7")
    call(phone)
    talks(phone)
    phone.keyboard.press("Control+7")
    hang_up(phone)
    expect(phone.get_by_label("Pressed")).to_be_empty()


def test_digits_typed_elsewhere_are_no_keys(phone: Page) -> None:
    """They may be shortcuts there, of the browser or of somebody who steers it by voice."""
    call(phone)
    talks(phone)
    phone.locator(".phone-talk").get_by_role("link", name="Calls").focus()
    phone.keyboard.press("7")
    phone.get_by_text("Call your bot from here").click()
    phone.keyboard.press("8")
    expect(phone.get_by_label("Pressed")).to_have_text("8")
    hang_up(phone)


def test_muted_microphone_sends_nothing(phone: Page) -> None:
    """Until it is heard again."""
    sent = watch_line(phone)
    call(phone)
    talks(phone)
    mute = phone.get_by_role("button", name="Mute")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    expect(state(phone)).to_have_text("You are muted: the bot does not hear you.")
    phone.wait_for_timeout(300)  # what was under way has been sent
    sent.clear()
    phone.wait_for_timeout(300)
    assert sounds(sent) == []
    mute.click()
    talks(phone)
    sound_is_sent(phone, sent)
    assert {len(frame) for frame in sounds(sent)} == {160}
    hang_up(phone)


def test_words_are_written_where_the_bot_hears_nobody(
    open_page: Open, quiet: Browser, bot: Bot, start_server: StartServer
) -> None:
    """In a call that is left to Twilio's recognizer, which is not played here."""
    server = start_server(RECOGNIZER="tests.calls.speech.refusing.RefusingRecognizer")
    page = open_page(PHONE, at=server.url, browser=quiet)
    call(page)
    page.get_by_label("Write what you say").fill("goodbye")
    page.get_by_role("button", name="Say", exact=True).click()
    expect(state(page)).to_have_text("The call is over: the bot hung up.")
    expect(page.get_by_label("Write what you say")).to_be_hidden()
    expect(page.get_by_role("button", name="Call", exact=True)).to_be_focused()


def test_caller_decides_how_a_transfer_goes(phone: Page) -> None:
    """The page shows whom the bot calls; nobody is called here, so the user plays them."""
    # Who says nothing for so long is connected.
    bot = Bot.objects.get()
    bot.silence_seconds = 3
    bot.save()
    Reprompt.objects.create(
        bot=bot, kind="no-input", text="One moment.", action="transfer", parameter="+31207654300"
    )
    call(phone)
    expect(phone.get_by_role("group", name="Transfer")).to_contain_text("calls +31207654300")
    phone.get_by_role("button", name="Answer", exact=True).click()
    expect(phone.get_by_role("group", name="Transfer")).to_contain_text("is connected")
    phone.get_by_role("button", name="They hang up").click()
    expect(state(phone)).to_contain_text("The call is over")
    expect(phone.get_by_role("group", name="Transfer")).to_be_hidden()
    expect(phone.get_by_role("button", name="Call", exact=True)).to_be_focused()


# --- How it looks -------------------------------------------------------------------------------


def test_phone_is_used_by_keyboard(phone: Page) -> None:
    """Call with Return, and hang up where the focus then is."""
    phone.get_by_label("Your number").press("Enter")
    expect(phone.get_by_role("button", name="Hang up")).to_be_focused()
    talks(phone)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Call", exact=True)).to_be_focused()


def test_focus_stays_in_the_phone_when_the_call_ends(phone: Page) -> None:
    """Whoever has pressed keys can call again, and need not search the page for it."""
    call(phone)
    talks(phone)
    phone.get_by_role("group", name="Keypad").get_by_role("button", name="5", exact=True).focus()
    phone.evaluate("document.querySelector('[data-phone=hang-up]').click()")
    expect(state(phone)).to_contain_text("The call is over")
    expect(phone.get_by_role("button", name="Call", exact=True)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_the_window(
    open_page: Open, quiet: Browser, bot: Bot, shared_server: Server, width: int, scheme: str
) -> None:
    """Before a call and in it."""
    page = open_page(PHONE, at=shared_server.url, browser=quiet, width=width, scheme=scheme)
    assert not overflows(page)
    call(page)
    talks(page)
    assert not overflows(page)
    hang_up(page)
