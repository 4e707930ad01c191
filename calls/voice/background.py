"""Renders the replies of a bot that was saved, while whoever saved it goes on."""

import asyncio
import atexit
import logging
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import connections

from calls.voice.rendering import render_missing
from calls.voice.speaker import own_synthesizer
from calls.voice.synthesizer import Synthesizer
from chatbot.loader import load_script
from chatbot.models import Bot
from chatbot.signals import bots_changed

logger = logging.getLogger(__name__)

LAST_TEXT_SECONDS = 2.0
"""How long a process that ends waits for the text that is being spoken."""


class BackgroundRenderer:
    """A thread that is there while there is something to render; one for each process.

    A daemon, so that a command or a server that ends does not wait for all of it. What it leaves
    undone, or fails at, is rendered when it is asked for again, or when a caller is to hear it.
    """

    def __init__(self, create_synthesizer: Callable[[], Synthesizer | None]) -> None:
        self._create_synthesizer = create_synthesizer
        self._lock = threading.Lock()
        # A dictionary for its order: the bot that was asked for first is rendered first.
        self._requested: dict[int, None] = {}
        self._thread: threading.Thread | None = None
        """The one that takes what is requested."""
        self._latest: threading.Thread | None = None
        """The one that was started last, which may only be releasing its engine by now."""

    def request(self, *bot_ids: int) -> None:
        """Have the missing renders of these bots made, as they are then. Returns at once."""
        with self._lock:
            self._requested.update(dict.fromkeys(bot_ids))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="renderer", daemon=True)
                self._latest = self._thread
                self._thread.start()

    def join(self, timeout: float) -> bool:
        """Wait until nothing is left to do; return whether it came to that."""
        thread = self._latest
        if thread is not None:
            thread.join(timeout)
        return thread is None or not thread.is_alive()

    def _work(self) -> None:
        engine = _Engine(self._create_synthesizer)
        try:
            while (bot_id := self._next()) is not None:
                try:
                    self._render(bot_id, engine)
                except Exception:
                    if not _process_goes_on():
                        return
                    logger.exception("The replies of bot %d were not all rendered", bot_id)
        finally:
            engine.close()
            connections.close_all()

    def _next(self) -> int | None:
        with self._lock:
            if self._requested and _process_goes_on():
                bot_id = next(iter(self._requested))
                del self._requested[bot_id]
                return bot_id
            # In the same breath as the look at the requests: the next one starts a new thread.
            self._thread = None
            return None

    def _render(self, bot_id: int, engine: "_Engine") -> None:
        if not Bot.objects.filter(pk=bot_id, line=Bot.Line.STREAM).exists():
            return
        synthesizer = engine.synthesizer()
        if synthesizer is None:
            return
        script = load_script(bot_id)
        outcome = render_missing(
            script, synthesizer, engine.runner, partial(self._is_wanted, bot_id)
        )
        if outcome.rendered or outcome.failed:
            logger.info(
                "Bot %d: %d texts rendered, %d failed", bot_id, outcome.rendered, outcome.failed
            )

    def _is_wanted(self, bot_id: int) -> bool:
        """Whether to go on with a bot: not where it was saved again, and is next with new texts."""
        return bot_id not in self._requested and _process_goes_on()


class _Engine:
    """The synthesizer of the thread, made when it is needed, and the event loop it runs on."""

    def __init__(self, create: Callable[[], Synthesizer | None]) -> None:
        self._create = create
        self._synthesizer: Synthesizer | None = None
        self.runner = asyncio.Runner()

    def synthesizer(self) -> Synthesizer | None:
        if self._synthesizer is None:
            self._synthesizer = self._create()
        return self._synthesizer

    def close(self) -> None:
        try:
            if self._synthesizer is not None and _process_goes_on():
                self.runner.run(self._synthesizer.aclose())
        except Exception:
            logger.exception("The voice engine was not released")
        finally:
            self.runner.close()


def _process_goes_on() -> bool:
    """Whether the interpreter is not about to end: from then on engines can start no threads."""
    return threading.main_thread().is_alive()


renderer = BackgroundRenderer(own_synthesizer)
"""The one of this process."""


def bots_saved(bot_ids: Iterable[int], **kwargs: Any) -> None:
    renderer.request(*bot_ids)


def connect() -> None:
    """Connect the receiver; called once, when the app is ready."""
    bots_changed.connect(bots_saved, dispatch_uid="calls.background")
    atexit.register(renderer.join, LAST_TEXT_SECONDS)
