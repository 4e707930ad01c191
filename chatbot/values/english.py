"""English."""

from chatbot.values.vocabulary import Vocabulary

ENGLISH = Vocabulary(
    numbers="zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety",
    zeros=frozenset({"oh", "o"}),
    repeats={"double": 2, "triple": 3, "treble": 3, "quadruple": 4},
    homophones={"to": "2", "too": "2", "for": "4", "won": "1", "ate": "8"},
    minus=frozenset({"minus", "negative"}),
    articles=frozenset({"a", "an"}),
    fractions={
        "half": "0.5",
        "a half": "0.5",
        "one half": "0.5",
        "a quarter": "0.25",
        "one quarter": "0.25",
        "three quarters": "0.75",
    },
    ands=frozenset({"and"}),
    scales={"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
    dates={
        "R0": "today, tonight, this morning, this afternoon, this evening",
        "R1": "tomorrow",
        "R2": "day after tomorrow, the day after tomorrow",
        "R-1": "yesterday",
        "R-2": "day before yesterday, the day before yesterday",
        "N1": "a",
        "a": "on",
        "t": "the",
        "o": "of",
        "x": "next",
        "s": "this, coming, this coming, the coming",
        "l": "last",
        "k1": "next week",
        "k0": "this week",
        "k-1": "last week",
        "i": "in, within",
        "f": "from now, from today",
        "F": "from, after",
        "d": "day, days, days time",
        "w": "week, weeks, weeks time",
        "m": "month, months, months time",
        "w2": "fortnight, fortnights time",
        "p": "morning, afternoon, evening, night, in the morning, in the afternoon, "
        "in the evening, at night",
    },
    times={
        "@": "at, at about, about, around, at around",
        "h": "half",
        "q": "quarter, a quarter",
        "p": "past, after",
        "t": "to, before, till, of",
        "c": "oclock, o clock, 0 clock, hours",
        "m": "minutes, minute",
        "0": "oh, o",
        "A": "am, a m, in the morning, this morning, tomorrow morning",
        "P": "pm, p m, in the afternoon, in the evening, this afternoon, this evening",
        "G": "at night, tonight",
        "Z12": "noon, midday",
        "Z0": "midnight",
    },
    answers={
        "y": "yes, yeah, yep, yup, yea, ya, aye, sure, sure thing, of course, ok, okay, "
        "thats correct, that is correct, thats right, that is right, affirmative, you bet, "
        "sounds good, uh huh, mm hmm, mhm",
        "n": "no, nope, nah, nay, no way, not at all, not really, i dont think so, "
        "i do not think so, thats wrong, that is wrong, not correct, thats not correct, "
        "that is not correct, not right, thats not right, that is not right, definitely not, "
        "absolutely not, certainly not, of course not, not now, not yet, uh uh",
        "Y": "alright, all right, correct, right, exactly, absolutely, definitely, certainly, "
        "indeed, i do, it is, i am, i would, i have, go ahead",
        "N": "negative, never, i dont, i do not, im not, i am not, i havent, i have not, it isnt, "
        "it is not, its not, i wouldnt, i would not, incorrect, wrong",
        "x": "i dont know, i do not know, dont know, not sure, im not sure, i am not sure, "
        "not so sure, not really sure, not quite sure, not certain, are you sure, make sure, "
        "never mind, nevermind, no problem, no worries, no idea, no matter, no one, no longer, "
        "no more, have no, has no, had no, got no, ive no, there is no, theres no",
        "p": "please, thanks, thank you, thank you very much, well, um, uh, er, oh, sir, maam, "
        "actually, im afraid",
    },
    please=frozenset({"please"}),
    yes="yes",
    no="no",
    typical={
        "yesno": "yes, no, yeah, yep, sure, okay, correct, that's right, of course, yes please, "
        "nope, no thanks, no thank you, not really, not yet",
        "date": "today, tomorrow, the day after tomorrow, yesterday, this morning, "
        "this afternoon, this evening",
        "time": "o'clock, half past, quarter past, quarter to, noon, midnight, in the morning, "
        "in the afternoon, in the evening, at night, am, pm",
    },
)
