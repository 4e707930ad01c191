"""Every page of the product, each in one line.

What is listed here is opened in a browser, light and dark, wide and narrow, by tests and for
screenshots, and by everybody who may see it and who may not. A test fails for each address that
is not listed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page

from tests.browser import acts
from tests.browser.records import Records
from tests.browser.roles import (
    ALL_STAFF,
    EVERYBODY,
    NOBODY,
    OPERATORS,
    OUTSIDERS,
    READERS,
    ROOT_ONLY,
    WRITERS,
    Role,
)


def no_arguments(records: Records) -> list[object]:
    return []


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page: its name, under which screenshots are filed, and how to get there.

    `address` is the name of a route, or begins with a slash. `of` gives the arguments of the route.
    `readers` may open it; to them it answers with `status`, to others of the staff with `refusal`.
    Screenshots and tests look at it as `viewer`, after `act` has done in it what a user does.
    """

    name: str
    address: str
    of: Callable[[Records], list[object]] = no_arguments
    readers: frozenset[Role] = READERS
    query: str = ""
    act: Callable[[Page], None] | None = None
    status: int = 200
    refusal: int = 403
    viewer: Role = Role.ROOT

    def path(self, records: Records) -> str:
        """Return where the page is."""
        if self.address.startswith("/"):
            return self.address + self.query
        return reverse(self.address, args=self.of(records)) + self.query


def bot(records: Records) -> list[object]:
    return [records.bot]


def intent(records: Records) -> list[object]:
    return [records.intent]


def rehearsal(records: Records) -> list[object]:
    return [records.rehearsal]


def call(records: Records) -> list[object]:
    return [records.call]


def running_call(records: Records) -> list[object]:
    return [records.running_call]


def user(records: Records) -> list[object]:
    return [records.user]


def group(records: Records) -> list[object]:
    return [records.group]


PAGES: tuple[ListedPage, ...] = (
    # Who one is.
    ListedPage("login", "admin:login", readers=OUTSIDERS, refusal=302, viewer=Role.ANONYMOUS),
    ListedPage(
        "login-refused",
        "admin:login",
        readers=OUTSIDERS,
        refusal=302,
        viewer=Role.ANONYMOUS,
        act=acts.log_in_wrongly,
    ),
    ListedPage(
        "logged-out",
        "admin:login",
        readers=OUTSIDERS,
        refusal=302,
        viewer=Role.ANONYMOUS,
        act=acts.log_in_and_out,
    ),
    ListedPage("password-change", "admin:password_change", readers=ALL_STAFF),
    ListedPage(
        "password-change-refused",
        "admin:password_change",
        readers=ALL_STAFF,
        act=acts.save_with_errors,
    ),
    ListedPage("password-changed", "admin:password_change_done", readers=ALL_STAFF),
    # The front door.
    ListedPage("index", "admin:index", readers=ALL_STAFF),
    ListedPage("index-editor", "admin:index", readers=ALL_STAFF, viewer=Role.EDITOR),
    ListedPage("index-supervisor", "admin:index", readers=ALL_STAFF, viewer=Role.SUPERVISOR),
    ListedPage("index-nothing", "admin:index", readers=ALL_STAFF, viewer=Role.STAFF),
    ListedPage("app-chatbot", "admin:app_list", lambda _: ["chatbot"], refusal=404),
    ListedPage("app-calls", "admin:app_list", lambda _: ["calls"], refusal=404),
    ListedPage("app-auth", "admin:app_list", lambda _: ["auth"], readers=OPERATORS, refusal=404),
    # Bots.
    ListedPage("bots", "admin:chatbot_bot_changelist"),
    ListedPage("bot-add", "admin:chatbot_bot_add", readers=WRITERS),
    ListedPage("bot", "admin:chatbot_bot_change", bot),
    ListedPage("bot-unfolded", "admin:chatbot_bot_change", bot, act=acts.unfold_all),
    ListedPage("bot-refused", "admin:chatbot_bot_change", bot, act=acts.save_with_errors),
    ListedPage("bot-read-only", "admin:chatbot_bot_change", bot, viewer=Role.SUPERVISOR),
    ListedPage("bot-delete", "admin:chatbot_bot_delete", bot, readers=WRITERS),
    ListedPage("bots-delete", "admin:chatbot_bot_changelist", act=acts.delete_selected),
    ListedPage("try-it", "admin:chatbot_bot_try_it", bot),
    ListedPage("try-it-talking", "admin:chatbot_bot_try_it", bot, query="?anyway", act=acts.talk),
    ListedPage("checks", "admin:chatbot_bot_checks", bot),
    ListedPage("rehearsals", "admin:chatbot_bot_rehearsals", bot),
    ListedPage("voice", "admin:chatbot_bot_voice", bot),
    ListedPage("missed-phrases", "admin:chatbot_bot_missed_phrases", bot),
    ListedPage("history", "admin:chatbot_bot_history", bot),
    ListedPage("what-if", "admin:chatbot_bot_what_if", bot),
    ListedPage("what-if-unfolded", "admin:chatbot_bot_what_if", bot, act=acts.unfold_all),
    ListedPage("file", "admin:chatbot_bot_file", bot),
    ListedPage("file-refused", "admin:chatbot_bot_file", bot, act=acts.import_nonsense),
    ListedPage("file-preview", "admin:chatbot_bot_file", bot, act=acts.import_changes),
    ListedPage("import", "admin:chatbot_bot_import", readers=WRITERS),
    # Intents and rehearsals.
    ListedPage("intents", "admin:chatbot_intent_changelist"),
    ListedPage("intent-add", "admin:chatbot_intent_add", readers=WRITERS),
    ListedPage("intent-popup", "admin:chatbot_intent_add", readers=WRITERS, query="?_popup=1"),
    ListedPage("intent", "admin:chatbot_intent_change", intent),
    ListedPage("intent-unfolded", "admin:chatbot_intent_change", intent, act=acts.unfold_all),
    ListedPage("intent-refused", "admin:chatbot_intent_change", intent, act=acts.save_with_errors),
    ListedPage("intent-read-only", "admin:chatbot_intent_change", intent, viewer=Role.SUPERVISOR),
    ListedPage("intent-delete", "admin:chatbot_intent_delete", intent, readers=WRITERS),
    ListedPage("intent-history", "admin:chatbot_intent_history", intent),
    ListedPage("rehearsal-list", "admin:chatbot_rehearsal_changelist"),
    ListedPage("rehearsal-add", "admin:chatbot_rehearsal_add", readers=WRITERS),
    ListedPage("rehearsal", "admin:chatbot_rehearsal_change", rehearsal),
    ListedPage("rehearsal-delete", "admin:chatbot_rehearsal_delete", rehearsal, readers=WRITERS),
    ListedPage("rehearsal-history", "admin:chatbot_rehearsal_history", rehearsal),
    # Calls.
    ListedPage("calls", "admin:calls_call_changelist"),
    ListedPage("calls-found", "admin:calls_call_changelist", query="?q=open&missed=no"),
    ListedPage("calls-none", "admin:calls_call_changelist", query="?q=zebra"),
    ListedPage("calls-range", "admin:calls_call_changelist", query="?longer=5&from_day=2020-01-31"),
    ListedPage("calls-refused", "admin:calls_call_changelist", query="?longer=five&slower=-1"),
    ListedPage("calls-number-hidden", "admin:calls_call_changelist", viewer=Role.EDITOR),
    ListedPage("calls-now", "admin:calls_call_now"),
    ListedPage("calls-now-number-hidden", "admin:calls_call_now", viewer=Role.EDITOR),
    ListedPage("call", "admin:calls_call_change", call),
    ListedPage("call-unfolded", "admin:calls_call_change", call, act=acts.unfold_all),
    ListedPage("call-number-hidden", "admin:calls_call_change", call, viewer=Role.EDITOR),
    ListedPage("call-running", "admin:calls_call_change", running_call),
    ListedPage(
        "call-running-watched", "admin:calls_call_change", running_call, viewer=Role.SUPERVISOR
    ),
    ListedPage("call-history", "admin:calls_call_history", call),
    ListedPage("call-add", "admin:calls_call_add", readers=NOBODY),
    ListedPage("call-delete", "admin:calls_call_delete", call, readers=NOBODY),
    # The phone.
    ListedPage("phone", "phone"),
    ListedPage("phone-no-microphone", "phone", act=acts.call_without_microphone),
    # Users and groups.
    ListedPage("users", "admin:auth_user_changelist", readers=OPERATORS),
    ListedPage("user-add", "admin:auth_user_add", readers=ROOT_ONLY),
    ListedPage("user", "admin:auth_user_change", user, readers=OPERATORS),
    ListedPage("user-password", "admin:auth_user_password_change", user, readers=ROOT_ONLY),
    ListedPage("user-delete", "admin:auth_user_delete", user, readers=ROOT_ONLY),
    ListedPage("user-history", "admin:auth_user_history", user, readers=OPERATORS),
    ListedPage("groups", "admin:auth_group_changelist", readers=ROOT_ONLY),
    ListedPage("group-add", "admin:auth_group_add", readers=ROOT_ONLY),
    ListedPage("group", "admin:auth_group_change", group, readers=ROOT_ONLY),
    ListedPage("group-delete", "admin:auth_group_delete", group, readers=ROOT_ONLY),
    ListedPage("group-history", "admin:auth_group_history", group, readers=ROOT_ONLY),
    # What went wrong.
    ListedPage(
        "error-400",
        "admin:calls_call_changelist",
        query="?bot__backend_url=x",
        status=400,
    ),
    ListedPage("error-403", "admin:calls_call_add", readers=NOBODY, status=403),
    ListedPage(
        "error-403-stale",
        "admin:password_change",
        readers=ALL_STAFF,
        act=acts.post_without_cookies,
    ),
    ListedPage("error-404", "/nowhere/", readers=EVERYBODY, status=404),
    ListedPage("error-404-admin", "/admin/nowhere/", readers=ALL_STAFF, status=404),
    ListedPage("error-500", "/fault/", readers=EVERYBODY, status=500),
)

NOT_PAGES = frozenset(
    {
        "admin:logout",  # by POST only; the page after it is listed
        "admin:autocomplete",  # JSON
        "admin:jsi18n",  # a script
        "admin:view_on_site",  # leads elsewhere
        "admin:chatbot_bot_add_starter",  # by POST only
        "admin:chatbot_bot_export",  # a file
        "admin:calls_call_rehearsal",  # by POST only
        "admin:calls_call_control",  # by POST only
        "admin:calls_call_export",  # a file
        "admin:calls_call_export_one",  # a file
        "message",  # JSON
        "voice-stream",  # what Twilio asks
        "voice-next",
        "voice-gather",
        "voice-fallback",
        "voice-status",
        "voice-stream-status",
        "voice-transcript",
    }
)
"""The names of routes that lead to no page."""
