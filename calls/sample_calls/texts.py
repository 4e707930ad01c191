"""What is said in sample calls. Pure."""

from dataclasses import dataclass

from chatbot.actions import HANGUP, TRANSFER


@dataclass(frozen=True, slots=True)
class SampleIntent:
    """What callers may mean, in some of the ways they say it, and what they are answered.

    `{order}`, `{day}`, `{name}`, `{street}` and `{hour}` stand for what differs between calls.
    """

    name: str
    keyword: str
    said: tuple[str, ...]
    reply: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class SampleBot:
    """A bot that sample calls were answered by."""

    name: str
    number: str
    greeting: str
    fallback: str
    intents: tuple[SampleIntent, ...]
    goodbye: SampleIntent


def _goodbye(reply: str) -> SampleIntent:
    return SampleIntent("goodbye", "goodbye", ("goodbye", "okay goodbye"), reply, HANGUP)


BOTS = (
    SampleBot(
        "Sample bakery",
        "+31205550101",
        "Good morning, this is the bakery. How can I help you?",
        "Sorry, I did not understand that. Could you say it again?",
        (
            SampleIntent(
                "opening hours",
                "opening hours",
                (
                    "what are your opening hours",
                    "opening hours please",
                    "until when are you open on {day}",
                ),
                "We are open from seven to six, and until noon on Sunday.",
            ),
            SampleIntent(
                "order a cake",
                "birthday cake",
                (
                    "I would like a birthday cake for {day}",
                    "can you bake a birthday cake with {name} on it",
                ),
                "For which day is the cake, and how many people will eat of it?",
            ),
            SampleIntent(
                "where is my order",
                "my order",
                (
                    "where is my order {order}",
                    "my order number is {order}",
                    "I am calling about my order",
                ),
                "Your order will be ready on {day} at {hour}.",
            ),
            SampleIntent(
                "bread without gluten",
                "without gluten",
                ("do you have bread without gluten", "is there anything without gluten"),
                "We bake without gluten on Tuesday and Friday.",
            ),
        ),
        _goodbye("Thank you, and see you at the bakery."),
    ),
    SampleBot(
        "Sample town hall",
        "+31205550102",
        "Welcome to the town hall. What are you calling about?",
        "I am sorry, I did not catch that. You can say passport, waste or parking.",
        (
            SampleIntent(
                "passport",
                "passport",
                (
                    "I need a new passport",
                    "my passport expires on {day}",
                    "passport for my daughter {name}",
                ),
                "A passport takes five working days. Does {day} at {hour} suit you?",
            ),
            SampleIntent(
                "waste",
                "waste",
                ("when is the waste collected in {street}", "the waste in {street} was not taken"),
                "In {street} waste is collected on {day}.",
            ),
            SampleIntent(
                "parking",
                "parking",
                (
                    "a parking permit for {street}",
                    "I got a parking fine at {hour}",
                    "parking please",
                ),
                "A permit for {street} costs thirty euros a year.",
            ),
            SampleIntent(
                "person",
                "speak to somebody",
                ("can I speak to somebody", "I want to speak to somebody please"),
                "One moment please, I will connect you.",
                TRANSFER,
            ),
        ),
        _goodbye("Thank you for calling the town hall. Goodbye."),
    ),
    SampleBot(
        "Sample dentist",
        "+31205550103",
        "Hello, this is the dentist's practice. How can I help?",
        "Could you put that in other words, please?",
        (
            SampleIntent(
                "appointment",
                "appointment",
                ("I would like an appointment on {day}", "can I move my appointment to {hour}"),
                "I have {day} at {hour}. Does that suit you?",
            ),
            SampleIntent(
                "pain",
                "toothache",
                ("I have a terrible toothache", "my son {name} has toothache since {day}"),
                "Then come today at {hour}, please.",
            ),
            SampleIntent(
                "yes",
                "yes",
                ("yes please", "yes that is fine", "yes {day} is good"),
                "Good, I have written it down for {name}.",
            ),
        ),
        _goodbye("Get well soon. Goodbye."),
    ),
)

MISSED = (
    "um well you know what I mean",
    "my neighbour {name} told me to call",
    "hold on the dog is barking",
    "it is about the thing from last {day}",
    "the man from {street} said so",
    "no the other one",
    "can you speak up please",
    "reference {order} or something like that",
)
"""What matches no intent."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = (*(f"{hour} o'clock" for hour in range(8, 18)), "half past nine", "a quarter to four")
NAMES = (
    *("Anna", "Bram", "Chloé", "Daan", "Emma", "Finn", "Gijs", "Hanna", "Ines", "Jan", "Karin"),
    *("Lotte", "Milan", "Noor", "Olaf", "Petra", "Quinten", "Roos", "Sem", "Tess", "Uwe", "Zoë"),
)
STREETS = tuple(
    f"{tree} {kind}"
    for tree in ("Acacia", "Beech", "Cedar", "Elm", "Hazel", "Linden", "Maple", "Poplar", "Willow")
    for kind in ("Street", "Lane", "Avenue", "Square")
)
EVENTS = (
    ("reopened", "the engine was unavailable", 820),
    ("rotated", "", 290_000),
    ("stream-lost", "stream-1: 31951", None),
    ("not-sent", "Twilio answered HTTP 500", None),
    ("engine-changed", "offline: the engine was unavailable", 640),
)
"""Kind, detail and milliseconds of what happens beside what is said."""
