"""What of a bot can be spoken before anybody calls."""

from dataclasses import replace

from calls.voice.fixed_texts import fixed_wordings, is_fixed, wording_of
from calls.voice.wording import Wording
from chatbot.manner import Manner
from chatbot.script import Remote, Script, ScriptReply
from tests.chatbot.bots import make_intent, make_script


def texts(script: Script) -> list[str]:
    return [wording.text for wording in fixed_wordings(script)]


def test_greeting_comes_first() -> None:
    """Every caller hears it."""
    hello = make_intent(1, "hi", replies=(ScriptReply("Hello."),))
    assert texts(make_script(hello)) == [
        *("Welcome.", "Pardon?", "Still there?", "Hello.", "Bye.", "Connecting."),
        *("Nobody there.", "Closed.", "Enough.", "Sorry."),
    ]


def test_first_replies_come_before_second_ones() -> None:
    """Callers seldom ask the same twice."""
    first = make_intent(1, replies=(ScriptReply("A1"), ScriptReply("A2")))
    second = make_intent(2, replies=(ScriptReply("B1"),))
    assert texts(make_script(first, second))[3:6] == ["A1", "B1", "A2"]


def test_reprompts_are_fixed_texts() -> None:
    """Those of the bot and those of an intent."""
    intent = make_intent(1, no_match=(ScriptReply("What?"),), no_input=(ScriptReply("Well?"),))
    script = make_script(
        intent, no_match_again=(ScriptReply("Sorry?"),), no_input_again=(ScriptReply("Hello?"),)
    )
    assert {"What?", "Well?", "Sorry?", "Hello?"} < set(texts(script))


def test_texts_with_placeholders_are_left_out() -> None:
    """They sound otherwise in each call."""
    intent = make_intent(1, replies=(ScriptReply("Thank you {name}."), ScriptReply("A { brace.")))
    script = make_script(intent)
    assert "A { brace." in texts(script)
    assert "Thank you {name}." not in texts(script)


def test_same_text_is_rendered_once() -> None:
    intents = [make_intent(id, replies=(ScriptReply("Fine."),)) for id in (1, 2)]
    assert texts(make_script(*intents)).count("Fine.") == 1


def test_text_in_two_voices_is_rendered_twice() -> None:
    """The manner of a reply goes before that of the bot, and its blanks leave the bot's."""
    slow = ScriptReply("Fine.", manner=Manner(speed=80))
    other = ScriptReply("Fine.", manner=Manner(voice="Ruth"))
    script = make_script(make_intent(1, replies=(slow, other)), voice="Joe", speed=110)
    fine = [wording for wording in fixed_wordings(script) if wording.text == "Fine."]
    assert fine == [
        Wording("Fine.", "en-US", voice="Joe", speed=80),
        Wording("Fine.", "en-US", voice="Ruth", speed=110),
    ]


def test_what_is_said_where_an_action_fails_is_a_fixed_text() -> None:
    """After a transfer in the voice of the bot, for an address in that of the reply."""
    manner = Manner(voice="Ruth")
    transfer = ScriptReply("Hold on.", "transfer", "+31", "Nobody is there.", manner=manner)
    post = ScriptReply("Done.", "post", "https://example.com", "That failed.", manner=manner)
    script = make_script(make_intent(1, replies=(transfer, post)))
    wordings = fixed_wordings(script)
    assert wording_of(script, "Nobody is there.") in wordings
    assert wording_of(script, "That failed.", manner) in wordings
    assert wording_of(script, "Done.", manner) in wordings


def test_reply_that_goes_on_is_rendered_with_what_follows() -> None:
    """As callers hear it: as one text, in the manner of the last part."""
    manner = Manner(voice="Ruth")
    sends_on = make_intent(1, replies=(ScriptReply("Sure.", "goto", "intent 2"),))
    target = make_intent(2, replies=(ScriptReply("At nine.", manner=manner),))
    script = make_script(sends_on, target)
    assert wording_of(script, "Sure. At nine.", manner) in fixed_wordings(script)
    assert "Sure." not in texts(script)


def test_intents_that_send_on_to_each_other_come_to_an_end() -> None:
    loop = [
        make_intent(id, replies=(ScriptReply("On.", "goto", f"intent {3 - id}"),) * 3)
        for id in (1, 2)
    ]
    assert "On. On. On. On. On." in texts(make_script(*loop))


def test_reply_that_repeats_is_no_text_by_itself() -> None:
    script = make_script(make_intent(1, replies=(ScriptReply("Again:", "repeat"),)))
    assert "Again:" not in texts(script)


def test_replies_of_a_bot_that_a_chatbot_elsewhere_answers_for_are_left_out() -> None:
    """Nobody hears them."""
    hello = make_intent(1, "hi", replies=(ScriptReply("Hello."),))
    script = make_script(hello, remote=Remote("http", "http://example.com", 4.0))
    assert "Hello." not in texts(script)
    assert "Welcome." in texts(script)


def test_fixed_texts_are_told_from_others() -> None:
    """By their voice and speed too."""
    script = make_script()
    welcome = wording_of(script, " Welcome. ")
    assert is_fixed(script, welcome)
    assert not is_fixed(script, replace(welcome, speed=90))
    assert not is_fixed(script, wording_of(script, "Thank you Ann."))
