"""The page from which a bot learns what its callers say."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from reversion.models import Revision

from chatbot.models import Bot, Intent, Keyword
from tests.calls.admin.people import holder, member
from tests.calls.recorded import record_call, record_many
from tests.chatbot.admin.sending import text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "order", "my order")
    create_intent(bot, "hours", "opening hours")
    return bot


@pytest.fixture
def editor(db: None) -> Client:
    return member("Editor")


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_missed_phrases", args=[bot.pk])


def shown(client: Client, bot: Bot) -> str:
    return text_of(client.get(page_of(bot)))


def add(client: Client, intent: Intent, text: str, said: str = "") -> str:
    """Send the form of a phrase, and return the page after that."""
    sent = {"do": "add", "intent": intent.pk, "text": text, "said": said or text, "words": said}
    return text_of(client.post(page_of(intent.bot), sent, follow=True))


def refusal(client: Client, bot: Bot, **sent: str) -> str:
    response = client.post(page_of(bot), {"do": "add", **sent})
    assert response.status_code == HTTPStatus.BAD_REQUEST
    return response.content.decode()


def test_page_shows_what_was_missed(editor: Client, bot: Bot) -> None:
    """How often, when, and what it was nearest to."""
    record_call(bot, "opxning hxurs", "opxning hxurs")
    page = shown(editor, bot)
    assert "opxning hxurs 2 times, last on" in page
    assert "nearest: hours by “opening hours”" in page


def test_page_proposes_the_nearest_intent(editor: Client, bot: Bot) -> None:
    """Before all the others."""
    record_call(bot, "Opxning hxurs?")
    page = editor.get(page_of(bot)).content.decode()
    hours = bot.intents.get(name="hours")
    assert f'<optgroup label="Nearest"><option value="{hours.pk}">hours</option>' in page
    assert 'value="Opxning hxurs"' in page


def test_page_without_a_near_intent_has_the_editor_choose(editor: Client, bot: Bot) -> None:
    """None is taken by chance."""
    record_call(bot, "purple")
    assert '<option value="">Choose an intent</option>' in editor.get(page_of(bot)).content.decode()


def test_page_says_when_a_follow_up_is_considered(editor: Client, bot: Bot) -> None:
    """Where intents are chosen from."""
    bot.intents.get(name="hours").follows.add(bot.intents.get(name="order"))
    record_call(bot, "purple")
    assert "hours (right after “order”)" in shown(editor, bot)


def test_page_of_a_bot_that_understood_all(editor: Client, bot: Bot) -> None:
    """Good news."""
    record_call(bot, "opening hours")
    assert "understood all that its callers said" in shown(editor, bot)


def test_page_of_a_bot_whose_answers_come_from_elsewhere(editor: Client, bot: Bot) -> None:
    """Nothing can be learned here."""
    Bot.objects.update(backend="http", backend_url="http://chatbot.internal/")
    assert "come from a chatbot elsewhere" in shown(editor, bot)


def test_phrase_becomes_a_keyword_by_one_click(editor: Client, bot: Bot) -> None:
    """The page says so, and the phrase is gone."""
    record_call(bot, "when are you there")
    hours = bot.intents.get(name="hours")
    page = add(editor, hours, "when are you there")
    assert "“when are you there” is now a keyword of “hours”." in page
    assert "understood all that its callers said" in page
    assert hours.keywords.filter(text="when are you there").exists()


def test_keyword_that_is_added_is_in_the_history(editor: Client, bot: Bot) -> None:
    """With who added it."""
    add(editor, bot.intents.get(name="hours"), "when are you there")
    assert Revision.objects.get(user__username="editor").comment == "Added a missed phrase"


def test_phrase_may_be_edited_before_it_is_added(editor: Client, bot: Bot) -> None:
    """A part of it will do."""
    record_call(bot, "tell me when are you there")
    page = add(editor, bot.intents.get(name="hours"), "are you there", "tell me when are you there")
    assert "understood all that its callers said" in page


def test_keyword_that_does_not_help_is_said_to_be_so(editor: Client, bot: Bot) -> None:
    """It is added, and the phrase stays."""
    record_call(bot, "when are you there")
    page = add(editor, bot.intents.get(name="hours"), "closing time", "when are you there")
    assert "“when are you there” does not have this keyword in it" in page
    assert "1 phrase." in page


def test_keyword_of_a_follow_up_is_explained(editor: Client, bot: Bot) -> None:
    """It holds only there."""
    hours = bot.intents.get(name="hours")
    hours.follows.add(bot.intents.get(name="order"))
    record_call(bot, "when are you there")
    page = add(editor, hours, "when are you there")
    assert "“hours” is only considered right after “order”" in page


def test_keyword_without_a_word_is_refused(editor: Client, bot: Bot) -> None:
    """As on the page of the intent; what was written stays in the form."""
    record_call(bot, "purple")
    hours = bot.intents.get(name="hours")
    page = refusal(editor, bot, intent=str(hours.pk), text="?!", words="purple")
    assert "has no word in it" in page
    assert 'value="?!" aria-invalid="true"' in page
    assert f'<optgroup label="Chosen"><option value="{hours.pk}">' in page


def test_keyword_that_the_intent_has_is_refused(editor: Client, bot: Bot) -> None:
    """However it is written."""
    hours = bot.intents.get(name="hours")
    page = refusal(editor, bot, intent=str(hours.pk), text="Opening hours!")
    assert "“hours” has this keyword already, written “opening hours”" in page


def test_intent_of_another_bot_is_refused(editor: Client, bot: Bot) -> None:
    """The page is about one bot."""
    foreign = create_intent(create_bot("Other"), "foreign")
    page = refusal(editor, bot, intent=str(foreign.pk), text="purple")
    assert "The bot has no such intent any more." in page
    assert not Keyword.objects.filter(text="purple").exists()


@pytest.mark.parametrize("sent", [{}, {"intent": "x", "text": "a\x00"}, {"intent": "9" * 30}])
def test_broken_form_is_refused(editor: Client, bot: Bot, sent: dict[str, str]) -> None:
    """Whatever is sent, the page comes back."""
    assert "errornote" in refusal(editor, bot, **sent)


def test_phrases_of_a_group_are_ignored_by_one_click(editor: Client, bot: Bot) -> None:
    """They are on the list of those that are ignored, from then on."""
    record_call(bot, "flying fish", "flying fishes")
    sent = {"do": "ignore", "phrase": ["flying fish", "flying fishes"]}
    page = text_of(editor.post(page_of(bot), sent, follow=True))
    assert "“flying fish” and what is like it, 2 phrases, are ignored from now on." in page
    assert "understood all that its callers said" in page
    assert bot.ignored_phrases.count() == 2


def test_ignored_phrase_is_taken_back_by_one_click(editor: Client, bot: Bot) -> None:
    """It is listed again."""
    record_call(bot, "purple")
    editor.post(page_of(bot), {"do": "ignore", "phrase": "purple"})
    sent = {"do": "take-back", "ignored": bot.ignored_phrases.get().pk}
    page = text_of(editor.post(page_of(bot), sent, follow=True))
    assert "“purple” is not ignored any more." in page
    assert "purple once, on" in page


def test_ignored_phrase_of_another_bot_stays(editor: Client, bot: Bot) -> None:
    """The page is about one bot."""
    foreign = create_bot("Other").ignored_phrases.create(text="purple")
    editor.post(page_of(bot), {"do": "take-back", "ignored": foreign.pk})
    assert foreign.bot.ignored_phrases.count() == 1


@pytest.mark.parametrize("key", ["", "x", "²", "9" * 30])
def test_ignored_phrase_that_is_none_is_nothing(editor: Client, bot: Bot, key: str) -> None:
    """Somebody else has taken it back."""
    sent = {"do": "take-back", "ignored": key}
    assert editor.post(page_of(bot), sent).status_code == HTTPStatus.FOUND


def test_page_stays_where_it_was(editor: Client, bot: Bot) -> None:
    """The second page of the list, after a click on it."""
    response = editor.post(f"{page_of(bot)}?p=2", {"do": "ignore", "phrase": "purple"})
    assert response.headers["Location"] == f"{page_of(bot)}?p=2"


def test_long_list_has_pages(editor: Client, bot: Bot) -> None:
    """A few phrases at a time."""
    record_call(bot, *(f"{chr(97 + number) * 6}" for number in range(25)))
    first, second = shown(editor, bot), text_of(editor.get(f"{page_of(bot)}?p=2"))
    assert "Page 1 of 2" in first
    assert second.count("once, on") == 5


def test_markup_in_what_was_said_is_shown_not_run(editor: Client, bot: Bot) -> None:
    """A caller cannot write into the editor's page."""
    create_intent(bot, "<b>bold</b>", "zzz")
    record_call(bot, "<script>x</script>")
    page = editor.get(page_of(bot)).content.decode()
    assert "<script>x" not in page
    assert "<b>bold" not in page


def test_number_of_a_caller_is_not_on_the_page(admin_client: Client, bot: Bot) -> None:
    """Not even for those who may see it elsewhere."""
    record_call(bot, "ring 0612345678", number="+31612345678")
    assert "12345678" not in admin_client.get(page_of(bot)).content.decode()


def test_number_of_a_caller_is_proposed_as_a_blank(editor: Client, bot: Bot) -> None:
    """What callers say has a number of their own each."""
    record_call(bot, "Please ring +31612345678, thanks.", number="+31612345678")
    proposed = editor.get(page_of(bot)).content.decode()
    assert 'value="Please ring {number:phone} thanks"' in proposed


def test_phrase_with_the_number_of_a_caller_is_learned(editor: Client, bot: Bot) -> None:
    """The keyword as it is proposed takes it off the list, without a warning."""
    record_call(bot, "ring +31612345678", number="+31612345678")
    order = bot.intents.get(name="order")
    page = add(editor, order, "ring {number:phone}", said="ring [number]")
    assert "is now a keyword of “order”" in page
    assert "stays in the list" not in page
    assert "ring [number]" not in page


def test_supervisor_sees_the_phrases_and_changes_nothing(bot: Bot) -> None:
    """There are no forms, and one that is sent is refused."""
    record_call(bot, "purple")
    supervisor = member("Supervisor")
    page = supervisor.get(page_of(bot)).content.decode()
    assert "purple" in page
    assert "Add keyword" not in page
    sent = {"do": "ignore", "phrase": "purple"}
    assert supervisor.post(page_of(bot), sent).status_code == HTTPStatus.FORBIDDEN
    assert not bot.ignored_phrases.exists()


def test_who_may_not_change_intents_adds_no_keyword(bot: Bot) -> None:
    """The bot's own fields are another matter; what is ignored is the bot's."""
    record_call(bot, "purple")
    client = holder("view_bot", "change_bot", "view_call")
    page = client.get(page_of(bot)).content.decode()
    assert "Ignore" in page
    assert "Add keyword" not in page
    sent = {"do": "add", "intent": bot.intents.get(name="order").pk, "text": "purple"}
    assert client.post(page_of(bot), sent).status_code == HTTPStatus.FORBIDDEN
    assert not Keyword.objects.filter(text="purple").exists()


@pytest.mark.parametrize("permission", ["view_bot", "view_call"])
def test_who_may_not_read_bots_and_calls_sees_no_phrases(bot: Bot, permission: str) -> None:
    """Both are needed."""
    assert holder(permission).get(page_of(bot)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("rows", [1, 200])
def test_queries_do_not_grow_with_the_rows(
    editor: Client, bot: Bot, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Phrases, intents and what is ignored."""
    for number in range(rows):
        create_intent(bot, f"intent {number}", f"keyword {number}")
        bot.ignored_phrases.create(text=f"ignored {number}")
    record_many(bot, 1, [f"{number} {'abc' * (number % 7 + 1)} purple" for number in range(rows)])
    editor.get(page_of(bot))  # compiles the bot
    with django_assert_num_queries(9):
        assert editor.get(page_of(bot)).status_code == HTTPStatus.OK
