"""The turns of one live call: each recorded, answered by the bot as it is now, and reported."""

import asyncio
from collections.abc import Callable

from django.db import Error as DatabaseError

from calls import conversation as talk
from calls import store
from calls.live import changes
from calls.store import AskedTurn, OpenedStream, Store, TakenTurn
from calls.turn_taking import Confirmed, Corrected
from chatbot import actions, answering
from chatbot.actions.base import Play, Transfer
from chatbot.answers import Answer, Reaction, Rule
from chatbot.script import Script


class DialogueTurns:
    """Has the dialogue go on, turn by turn. `post` takes what the conversation is to know.

    `script` is the bot as it was at the last turn, and `context` the intent, by id, whose
    follow-ups are considered next. Whatever fails is raised.
    """

    def __init__(
        self, opened: OpenedStream, store: Store, post: Callable[[talk.Event], None]
    ) -> None:
        self.script: Script = opened.script
        self.context = opened.context
        self.count = 0
        """How many turns of the caller are on record."""
        self._opened = opened
        self._store = store
        self._post = post
        self._writing = asyncio.Lock()
        self._asking: asyncio.Task[Reaction] | None = None
        self._asks = True
        self._told = {turn.answer_id for turn in opened.pending}
        """The turns that others decided and this session was told to say."""
        self._early: asyncio.Future[TakenTurn] | None = None
        """The turn that was answered early, once it is on record."""

    def pending(self) -> tuple[talk.AnswerDecided, ...]:
        """Return what an earlier stream left unsaid."""
        return tuple(self._decided(turn, heard_at=0.0) for turn in self._opened.pending)

    def expect_early(self) -> None:
        """Take note that the next turn is answered before its words are certain."""
        self._early = asyncio.get_running_loop().create_future()

    async def take(self, utterance: talk.UtteranceHeard) -> None:
        """Record an utterance and report the answer to it."""
        early = self._early if utterance.is_early else None
        try:
            turn = await self._take(utterance)
            self.count += 1
            if isinstance(turn, AskedTurn):
                turn = await self._conclude(turn)
            if early is not None and turn is not None and not early.done():
                early.set_result(turn)
        except store.StreamReplaced:
            self._post(talk.StreamReplaced())
            return
        except store.AnsweredElsewhere:
            self._post(talk.AnsweredElsewhere())
            return
        finally:
            if early is not None and not early.done():
                early.cancel()  # there is nothing to confirm or correct
        self._report(turn, utterance.heard_at)

    async def take_silence(self) -> None:
        """Report what is said to a silent caller."""
        opened = self._opened
        try:
            async with self._writing:
                turn = await self._store.run(
                    store.silence_take, opened.stream_id, opened.call_id, self.script.bot_id
                )
        except store.StreamReplaced:
            self._post(talk.StreamReplaced())
            return
        self._report(turn, heard_at=0.0)

    async def record(self, utterance: talk.UtteranceHeard, rule: Rule | None) -> None:
        """Record an utterance that is not answered."""
        async with self._writing:
            await self._store.run(
                store.caller_turn_record,
                self._opened.call_id,
                utterance.text,
                utterance.confidence,
                rule,
            )
        self.count += 1

    async def settle(self, outcome: Confirmed | Corrected) -> None:
        """Record what became of the turn that was answered early, and report another answer."""
        early, self._early = self._early, None
        if early is None:
            return
        await asyncio.wait({early})
        if early.cancelled():
            return
        taken = early.result()
        said = (outcome.text, outcome.confidence, outcome.gained_ms)
        if isinstance(outcome, Confirmed):
            await self._store.run(store.turn_confirm, taken.heard_id, *said)
            changes.announce(self._opened.call_id)
            return
        opened = self._opened
        try:
            async with self._writing:
                turn = await self._store.run(
                    store.turn_correct, opened.stream_id, opened.call_id, taken, *said
                )
        except store.StreamReplaced:
            self._post(talk.StreamReplaced())
            return
        if turn is not None:
            self._post(talk.AnswerCorrected(self._answered(turn, outcome.heard_at)))

    async def take_staff_turn(self, turn_id: int) -> None:
        """Report what a member of the staff has said, once, unless it was said elsewhere."""
        if turn_id in self._told:
            return
        self._told.add(turn_id)
        try:
            turn = await self._store.run(
                store.staff_turn_read, turn_id, self._opened.call_id, self.script
            )
        except DatabaseError:
            self._told.remove(turn_id)  # it is told again, and may be read then
            raise
        if turn is not None:
            self._post(talk.StaffSpoke(self._decided(turn, heard_at=0.0)))

    def stop_asking(self) -> None:
        """Wait for no chatbot elsewhere any more: on record the turn stays unanswered."""
        self._asks = False
        if self._asking is not None:
            self._asking.cancel()

    def _report(self, turn: TakenTurn | None, heard_at: float) -> None:
        if turn is None:
            self._post(talk.CallEnded())
        else:
            self._post(self._answered(turn, heard_at))

    def _answered(self, turn: TakenTurn, heard_at: float) -> talk.AnswerDecided:
        self.script, self.context = turn.script, turn.context
        return self._decided(turn, heard_at)

    def _decided(self, turn: TakenTurn, heard_at: float) -> talk.AnswerDecided:
        answer = turn.answer
        interrupted_by = None if answer.manner.is_uninterruptible else turn.script.interrupt_words
        then = _then(answer, streams=self._opened.streams)
        return talk.AnswerDecided(turn.answer_id, answer, heard_at, then, interrupted_by)

    async def _take(self, utterance: talk.UtteranceHeard) -> TakenTurn | AskedTurn | None:
        async with self._writing:
            return await self._store.run(
                store.turn_take,
                self._opened.stream_id,
                self._opened.call_id,
                self.script.bot_id,
                utterance.text,
                utterance.confidence,
                is_early=utterance.is_early,
                known=self.script,
            )

    async def _conclude(self, asked: AskedTurn) -> TakenTurn | None:
        """Ask whoever is to be asked, with no lock and no database meanwhile."""
        self._asking = asyncio.create_task(answering.ask(asked.question))
        if not self._asks:
            self._asking.cancel()
        reaction = await self._asking
        async with self._writing:
            return await self._store.run(
                store.turn_conclude, self._opened.stream_id, self._opened.call_id, asked, reaction
            )


def _then(answer: Answer, *, streams: bool) -> talk.Then:
    """Return what becomes of the call after an answer."""
    if actions.hangs_up(answer.action):
        return talk.Then.END
    directives = actions.directives(answer.action, answer.parameter)
    if any(isinstance(directive, Transfer) for directive in directives):
        return talk.Then.TRANSFER
    if streams and any(isinstance(directive, Play) for directive in directives):
        return talk.Then.GO_ON
    return talk.Then.LISTEN
