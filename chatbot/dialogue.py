"""What the bot answers: a script, where the dialogue stands, and what was said, give an answer.

Pure: imports neither Django nor asyncio. Where somebody elsewhere is to be asked first, `respond`
gives a Question instead of an Answer, and `conclude` the answer once the reaction is there.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from chatbot import actions, questions, ssml
from chatbot.actions.base import Ask, GoTo, Say
from chatbot.answers import Answer, Question, Reaction, Rule, Unanswered
from chatbot.commands import Command
from chatbot.expectations import ANYTHING
from chatbot.manner import Manner
from chatbot.matching import Match, Matching
from chatbot.patterns import fill, placeholders
from chatbot.script import ReplyOrder, Script, ScriptIntent, ScriptReply
from chatbot.state import State

MAX_JUMPS = 5
"""How many intents may send on to each other before one of them has to answer."""


def opening(script: Script, now: datetime) -> tuple[Answer, State]:
    """Begin a dialogue with the greeting; `now` is aware, here and below."""
    manner = Manner(is_uninterruptible=script.greeting_uninterruptible)
    state = State(began=now, said=script.greeting, answered=script.greeting)
    listening = script.listening(state)
    return Answer(script.greeting, rule=Rule.GREETING, listening=listening, manner=manner), state


def closed(script: Script, now: datetime) -> tuple[Answer, State]:
    """Answer a call that comes outside the opening hours."""
    answer = Answer(script.closed_message, actions.HANGUP, rule=Rule.CLOSED)
    return _end(answer, State(began=now))


def respond(
    script: Script, state: State, text: str, *, now: datetime, session: str = ""
) -> tuple[Answer | Question, State]:
    """Answer what the caller said or keyed in.

    Never raises, whatever the text. `session` names the dialogue to whoever else is asked.
    """
    # Who speaks up into the goodbye that follows a silence takes the dialogue up again.
    state = replace(state, turns=state.turns + 1, silences=0, ended=False)
    if is_overdue(script, state, now):
        return limit(script, state)
    command = script.commands.find(text, whole=script.remote is not None)
    if script.remote is not None:
        if command is not None:
            return _obey(script, state, command)
        return _ask_remote(script, state, text, session), state
    today = script.local(now).date()
    matching = script.matcher.find(
        text, after=state.context, today=today, language=state.expects.language
    )
    if command is not None and not script.commands.yield_to(matching.best, text):
        return _obey(script, state, command)
    if matching.best is None:
        return _miss(script, state, matching)
    return _answer_match(script, state, text, matching, matching.best, session)


def conclude(
    script: Script, state: State, question: Question, reaction: Reaction
) -> tuple[Answer, State]:
    """Answer the turn that a question was asked about; `state` is what came with the question."""
    instead = question.instead
    if isinstance(reaction, Unanswered):
        note = f"{question.address} {reaction.problem}."
        state = replace(state, misses=state.misses + 1) if script.remote is not None else state
        return _finish(script, state, replace(instead, note=note))
    action, parameter = reaction.action, reaction.parameter
    notes = [f"{question.address}: {refused}." for refused in reaction.refused]
    texts = list(reaction.texts)
    repeats = action == actions.REPEAT
    if repeats:
        texts.append(_last_said(script, state))
        action = ""
    if action == actions.TRANSFER:
        parameter = parameter or script.transfer_number
        if not parameter:
            action = ""
            notes.append(f"{question.address}: the transfer names no number, and the bot has none.")
    text = ssml.join(texts)
    if not text and not action:
        text = question.text
        if script.remote is not None:
            notes.append(f"{question.address} answered without a text.")
    answer = replace(
        instead,
        text=text,
        action=action,
        parameter=parameter,
        otherwise=script.transfer_failed if action == actions.TRANSFER else "",
        note=" ".join(notes),
    )
    state = replace(state, misses=0)
    done = _finish(script, state, answer)
    return _repeated(state, done, _last_said(script, state)) if repeats else done


def no_input(script: Script, state: State, now: datetime) -> tuple[Answer, State]:
    """Answer a silence: ask whether the caller is there, each time in other words, then part."""
    state = replace(state, silences=state.silences + 1)
    if is_overdue(script, state, now):
        return limit(script, state)
    intent = _context(script, state)
    own = intent.no_input if intent is not None else ()
    ladder = (*(own or (ScriptReply(script.no_input),)), *script.no_input_again)
    if state.silences > len(ladder):
        answer = Answer(script.goodbye, actions.HANGUP, rule=Rule.NO_INPUT)
        return _finish(script, state, answer)
    return _recover(script, state, ladder[state.silences - 1], Answer("", rule=Rule.NO_INPUT))


def is_overdue(script: Script, state: State, now: datetime) -> bool:
    """Whether a dialogue has taken more turns or minutes than the bot allows."""
    lasted = now - state.began if state.began is not None else timedelta()
    return state.turns > script.max_turns or lasted >= timedelta(minutes=script.max_minutes)


def limit(script: Script, state: State) -> tuple[Answer, State]:
    """Take leave of a caller whose call has taken too long."""
    return _end(Answer(script.limit_message, actions.HANGUP, rule=Rule.LIMIT), state)


def not_transferred(script: Script, state: State, otherwise: str) -> tuple[Answer, State]:
    """Go on with a caller whom nobody answered where the call was transferred to.

    Where it was transferred because nothing was understood, it is not dialled again at once.
    """
    text = otherwise or script.transfer_failed
    state = replace(state, misses=0)
    return _finish(script, state, Answer(text, rule=Rule.NOT_TRANSFERRED))


def still_there(script: Script, state: State) -> tuple[Answer, State]:
    """Ask whether the caller is there where he had no chance to be heard: no silence of his."""
    listening = script.listening(state)
    return Answer(script.no_input, rule=Rule.STILL_THERE, listening=listening), state


def apologise(script: Script, state: State) -> tuple[Answer, State]:
    """Take leave of a caller who cannot be heard any more."""
    return _end(Answer(script.apology, actions.HANGUP, rule=Rule.APOLOGY), state)


def give_up(script: Script, state: State) -> tuple[Answer, State]:
    """Part with a caller who cannot be heard: to a person where there is one, else for good."""
    if not script.transfer_number:
        return apologise(script, state)
    answer = Answer(
        script.transfer_message,
        actions.TRANSFER,
        script.transfer_number,
        script.apology,
        rule=Rule.APOLOGY,
    )
    return _finish(script, state, answer)


# --- What the caller meant --------------------------------------------------------------------


def _obey(script: Script, state: State, command: Command) -> tuple[Answer, State]:
    state = replace(state, misses=0)
    if command is Command.REPEAT:
        return _finish(script, state, Answer(_last_said(script, state), rule=Rule.COMMAND))
    # Whoever nobody is found for is asked what else he wants.
    state = replace(state, expects=ANYTHING)
    answer = Answer(
        script.transfer_message,
        actions.TRANSFER,
        script.transfer_number,
        script.transfer_failed,
        rule=Rule.COMMAND,
    )
    return _finish(script, state, answer)


def _miss(script: Script, state: State, matching: Matching) -> tuple[Answer, State]:
    """Answer what matched nothing, in other words each time in a row; the last ones stay."""
    state = replace(state, misses=state.misses + 1)
    intent = _context(script, state)
    own = intent.no_match if intent is not None else ()
    # Once an intent has no more words of its own, the bot's may lead on, such as to a person.
    ladder = (*(own or (ScriptReply(script.fallback),)), *script.no_match_again)
    reply = ladder[min(state.misses, len(ladder)) - 1]
    return _recover(script, state, reply, Answer("", rule=Rule.NO_MATCH, matching=matching))


def _answer_match(
    script: Script, state: State, text: str, matching: Matching, match: Match, session: str
) -> tuple[Answer | Question, State]:
    captured = dict(match.values)
    state = replace(state, misses=0, values={**state.values, **captured})
    answer = Answer("", matching=matching, captured=match.values)
    said: list[str] = []
    visited: set[int] = set()
    intent: ScriptIntent | None = script.intents_by_id[match.intent_id]
    while intent is not None and intent.id not in visited and len(visited) < MAX_JUMPS:
        visited.add(intent.id)
        reply, state = _pick(script, state, intent)
        if reply is None:
            break
        last = _last_said(script, state)
        move = actions.ACTIONS[reply.action].move(reply, last)
        match move:
            case Say(words):
                words = ssml.join([*said, _fill(script, state, words)])
                done = _do(script, state, replace(answer, text=words), reply)
                return _repeated(state, done, last) if reply.action == actions.REPEAT else done
            case Ask():
                url = _fill_parameter(state, reply)
                instead = ssml.join([*said, _fill(script, state, reply.otherwise or reply.text)])
                spoken_text = ssml.join([*said, _fill(script, state, reply.text)])
                answer = replace(answer, text=instead, manner=reply.manner)
                values = {name: value.value for name, value in state.values.items()}
                asked = questions.of_reply(script, text, session, values, url, answer, spoken_text)
                return asked, state
            case GoTo(words, name):
                said.append(_fill(script, state, words))
                intent = script.intents_by_name.get(name)
                answer = replace(answer, note="" if intent else f"There is no intent “{name}”.")
    note = answer.note or "The intent has no reply, or only sends on."
    text = ssml.join(said) or script.fallback
    return _finish(script, state, replace(answer, text=text, note=note))


def _pick(script: Script, state: State, intent: ScriptIntent) -> tuple[ScriptReply | None, State]:
    """Choose the intent's next reply: one whose placeholders have values, if there is one."""
    if not intent.replies:
        return None, replace(state, context=intent.id, expects=ANYTHING)
    ready = [
        index for index, reply in enumerate(intent.replies) if state.values.keys() >= _needed(reply)
    ] or list(range(len(intent.replies)))
    last = state.last_replies.get(intent.id)
    if intent.order is ReplyOrder.RANDOM:
        others = [index for index in ready if index != last] or ready
        # The same dialogue gives the same replies, in a call as in a rehearsal of it.
        index = random.Random(f"{state.began} {intent.id} {state.turns}").choice(others)  # noqa: S311
    else:
        index = next((index for index in ready if last is not None and index > last), ready[0])
    reply = intent.replies[index]
    return reply, replace(
        state,
        context=None if reply.ends_thread else intent.id,
        expects=reply.expects,
        last_replies={**state.last_replies, intent.id: index},
    )


def _needed(reply: ScriptReply) -> set[str]:
    return {*placeholders(reply.text), *placeholders(reply.parameter)}


# --- What is said and done --------------------------------------------------------------------


def _recover(
    script: Script, state: State, reply: ScriptReply, answer: Answer
) -> tuple[Answer, State]:
    """Answer by a row that stands beside the intents; it asks nobody, and goes to no intent.

    A row that repeats says again what was said before it all went wrong.
    """
    last = state.answered or _last_said(script, state)
    move = actions.ACTIONS[reply.action].move(reply, last)
    text = move.text if isinstance(move, Say) else reply.text
    done = _do(script, state, replace(answer, text=_fill(script, state, text)), reply)
    if reply.action == actions.REPEAT:
        return _repeated(state, done, last)
    answer, after = done
    return answer, replace(after, answered=state.answered)


def _do(script: Script, state: State, answer: Answer, reply: ScriptReply) -> tuple[Answer, State]:
    """Complete an answer, whose text is there, by the action of the reply."""
    action = "" if reply.action == actions.REPEAT else reply.action
    parameter = _fill_parameter(state, reply)
    otherwise = _fill(script, state, reply.otherwise)
    if action == actions.TRANSFER:
        parameter = parameter or script.transfer_number
        otherwise = otherwise or script.transfer_failed
        if not parameter:
            note = "The call was not transferred: neither the reply nor the bot has a number."
            answer = replace(answer, text=ssml.join([answer.text, otherwise]), note=note)
            action = otherwise = ""
    done = replace(
        answer, action=action, parameter=parameter, otherwise=otherwise, manner=reply.manner
    )
    return _finish(script, state, done)


def _finish(script: Script, state: State, answer: Answer) -> tuple[Answer, State]:
    """Note what was said and whether it ends the dialogue, and how to listen to what comes next."""
    if actions.hangs_up(answer.action):
        return _end(answer, state)
    if not answer.text and not answer.action:
        # An address that failed, or a value that is missing: the caller must not hear nothing.
        answer = replace(answer, text=script.fallback)
    said = answer.text or state.said
    state = replace(state, said=said, answered=answer.text or state.answered)
    return replace(answer, listening=script.listening(state)), state


def _last_said(script: Script, state: State) -> str:
    """Return what is repeated; a dialogue by messages begins without a greeting."""
    return state.said or script.greeting


def _repeated(before: State, done: tuple[Answer, State], last: str) -> tuple[Answer, State]:
    """Have only what was repeated be repeated again: the words before it would pile up."""
    answer, after = done
    return answer, replace(after, said=last, answered=before.answered)


def _end(answer: Answer, state: State) -> tuple[Answer, State]:
    return answer, replace(state, said=answer.text or state.said, ended=True)


def _fill(script: Script, state: State, text: str) -> str:
    return ssml.fill(text, state.values, script.language)


def _fill_parameter(state: State, reply: ScriptReply) -> str:
    """Put values into a parameter as they are written, and not as they are spoken."""
    written = actions.ACTIONS[reply.action].written
    values = {name: written(value.value) for name, value in state.values.items()}
    return fill(reply.parameter, values)


def _context(script: Script, state: State) -> ScriptIntent | None:
    return None if state.context is None else script.intents_by_id.get(state.context)


# --- Who else is asked ------------------------------------------------------------------------


def _ask_remote(script: Script, state: State, text: str, session: str) -> Question:
    missed = (ScriptReply(script.fallback), *script.no_match_again)
    reply = missed[min(state.misses, len(missed) - 1)]
    instead, _ = _do(script, state, Answer(reply.text, rule=Rule.REMOTE), reply)
    return questions.to_remote(script, text, session, instead)
