"""A bot that is saved gets its renders while whoever saved it goes on."""

import threading
from collections.abc import Iterator

import pytest
from django.db import transaction

from calls.models import Render
from calls.voice import background
from calls.voice.background import BackgroundRenderer
from chatbot.models import Bot
from tests.calls.voice.scripted import ScriptedSynthesizer
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60.0


class Engine(ScriptedSynthesizer):
    """An engine that a test can hold up: it waits for `gate` at each text of `held`."""

    def __init__(self) -> None:
        super().__init__(self._wait)
        self.held: set[str] = set()
        self.reached = threading.Event()
        self.gate = threading.Event()

    def _wait(self, text: str) -> None:
        if text in self.held:
            self.reached.set()
            assert self.gate.wait(SECONDS)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def renderer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackgroundRenderer]:
    """The renderer of the process, with a scripted engine."""
    renderer = BackgroundRenderer(lambda: engine)
    monkeypatch.setattr(background, "renderer", renderer)
    yield renderer
    engine.gate.set()
    assert renderer.join(SECONDS)


def create_streaming_bot() -> Bot:
    bot = create_bot()
    Bot.objects.update(line=Bot.Line.STREAM)
    return bot


def audios() -> set[bytes]:
    return {bytes(audio) for audio in Render.objects.values_list("audio", flat=True)}


def test_saved_bot_is_rendered(renderer: BackgroundRenderer, engine: Engine) -> None:
    """From its greeting on, without anybody asking for it."""
    bot = create_streaming_bot()
    bot.refresh_from_db()
    bot.save()
    assert renderer.join(SECONDS)
    assert engine.spoken[:2] == ["Welcome.", "Pardon?"]
    assert {b"Welcome.", b"Pardon?"} < audios()


def test_saved_reply_is_rendered(renderer: BackgroundRenderer) -> None:
    """Any part of a bot counts."""
    create_intent(create_streaming_bot(), "hours", "open", reply="At nine.")
    assert renderer.join(SECONDS)
    assert b"At nine." in audios()


def test_nothing_is_rendered_before_the_save_is_committed(
    renderer: BackgroundRenderer, engine: Engine
) -> None:
    bot = create_streaming_bot()
    assert renderer.join(SECONDS)
    with transaction.atomic():
        create_intent(bot, "hours", "open", reply="At nine.")
        assert renderer.join(SECONDS)
        assert "At nine." not in engine.spoken
    assert renderer.join(SECONDS)
    assert "At nine." in engine.spoken


def test_save_does_not_wait_for_the_engine(renderer: BackgroundRenderer, engine: Engine) -> None:
    engine.held = {"Welcome."}
    create_intent(create_streaming_bot(), "hours", "open")
    assert engine.reached.wait(SECONDS)
    assert audios() == set()


def test_bot_that_does_not_stream_is_not_rendered(
    renderer: BackgroundRenderer, engine: Engine
) -> None:
    create_bot()
    assert renderer.join(SECONDS)
    assert engine.spoken == []


def test_bot_that_is_saved_again_is_rendered_as_it_is_then(
    renderer: BackgroundRenderer, engine: Engine
) -> None:
    """Texts that are no more are not spoken any more."""
    engine.held = {"Welcome."}
    bot = create_streaming_bot()
    bot.refresh_from_db()
    bot.save()
    assert engine.reached.wait(SECONDS)
    bot.fallback = "What?"
    bot.save()
    engine.gate.set()
    assert renderer.join(SECONDS)
    assert "What?" in engine.spoken
    assert "Pardon?" not in engine.spoken
    assert engine.spoken.count("Welcome.") == 1


def test_fault_of_one_bot_does_not_keep_others_from_being_rendered(engine: Engine) -> None:
    """It is logged; the bot is rendered when somebody asks for it again."""
    creations = iter([RuntimeError("no engine"), engine])

    def create() -> Engine:
        made = next(creations)
        if isinstance(made, Exception):
            raise made
        return made

    renderer = BackgroundRenderer(create)
    first, second = create_bot("First"), create_bot("Second")
    Bot.objects.update(line=Bot.Line.STREAM)
    renderer.request(first.pk, second.pk)
    assert renderer.join(SECONDS)
    assert b"Welcome." in audios()


def test_engine_is_released_when_all_is_done(engine: Engine) -> None:
    """Nothing stays behind of a save: no thread, no connection, no engine."""
    bot = create_streaming_bot()
    # That of the process, whose thread has the same name, has looked at the bot too.
    assert background.renderer.join(SECONDS)
    renderer = BackgroundRenderer(lambda: engine)
    renderer.request(bot.pk)
    assert renderer.join(SECONDS)
    assert engine.is_closed
    assert "renderer" not in [thread.name for thread in threading.enumerate()]


def test_two_processes_share_the_texts_of_a_bot(engine: Engine) -> None:
    """What one is speaking the other leaves out."""
    bot = create_streaming_bot()
    engine.held = {"Welcome."}
    first, second = BackgroundRenderer(lambda: engine), ScriptedSynthesizer()
    first.request(bot.pk)
    assert engine.reached.wait(SECONDS)
    other = BackgroundRenderer(lambda: second)
    other.request(bot.pk)
    assert other.join(SECONDS)
    engine.gate.set()
    assert first.join(SECONDS)
    assert engine.spoken == ["Welcome."]
    assert "Welcome." not in second.spoken


def test_server_without_an_engine_renders_nothing() -> None:
    bot = create_streaming_bot()
    renderer = BackgroundRenderer(lambda: None)
    renderer.request(bot.pk)
    assert renderer.join(SECONDS)
    assert audios() == set()
