"""Dutch."""

from chatbot.values.vocabulary import Vocabulary

_ENDINGS = ("ochtend", "morgen", "middag", "avond", "nacht")
_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

DUTCH = Vocabulary(
    numbers="nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig "
    "tachtig negentig",
    repeats={"dubbel": 2, "dubbele": 2, "driedubbel": 3, "driedubbele": 3, "trippel": 3},
    minus=frozenset({"min", "minus"}),
    fractions={
        "half": "0.5",
        "halve": "0.5",
        "een half": "0.5",
        "een halve": "0.5",
        "kwart": "0.25",
        "een kwart": "0.25",
        "driekwart": "0.75",
        "drie kwart": "0.75",
        "anderhalf": "1.5",
        "anderhalve": "1.5",
    },
    ands=frozenset({"en"}),
    fraction_endings={
        "eneenhalf": "0.5",
        "eneenhalve": "0.5",
        "enhalf": "0.5",
        "enhalve": "0.5",
    },
    scales={"honderd": 100, "duizend": 1000, "miljoen": 10**6, "miljard": 10**9},
    dates={
        "R0": "vandaag, vanochtend, vanmorgen, vanmiddag, vanavond, vannacht",
        "R1": "morgen, morgenochtend, morgenmiddag, morgenavond, morgen vroeg",
        "R2": "overmorgen, overmorgenochtend, overmorgenmiddag, overmorgenavond",
        "R-1": "gisteren, gisterochtend, gistermiddag, gisteravond",
        "R-2": "eergisteren",
        **{
            f"W{weekday}": ", ".join(name + ending for ending in _ENDINGS)
            for weekday, name in enumerate(_WEEKDAYS)
        },
        "a": "op",
        "t": "de, den",
        "o": "van",
        "x": "volgende",
        "s": "aanstaande, komende, aankomende, deze, eerstvolgende, de eerstvolgende",
        "l": "vorige, afgelopen",
        "k1": "volgende week, komende week, aankomende week",
        "k0": "deze week",
        "k-1": "vorige week, afgelopen week",
        "i": "over, binnen",
        "f": "vanaf nu, vanaf vandaag",
        "F": "na",
        "d": "dag, dagen",
        "w": "week, weken",
        "m": "maand, maanden",
        "p": "ochtend, middag, avond, nacht, s ochtends, s morgens, s middags, s avonds, s nachts, "
        "sochtends, smorgens, smiddags, savonds, snachts, in de ochtend, in de middag, in de avond",
    },
    times={
        "@": "om, rond, omstreeks, om ongeveer, ongeveer",
        "h": "half",
        "q": "kwart",
        "p": "over",
        "t": "voor",
        "c": "uur",
        "m": "minuten, minuut",
        "A": "sochtends, s ochtends, smorgens, s morgens, in de ochtend, in de morgen, vanochtend, "
        "vanmorgen, morgenochtend",
        "P": "smiddags, s middags, savonds, s avonds, in de middag, in de avond, vanmiddag, "
        "vanavond, morgenmiddag, morgenavond",
        "G": "snachts, s nachts, vannacht",
        "Z0": "middernacht",
    },
    answers={
        "y": "ja, jawel, jazeker, ja zeker, jep, jup, zeker weten, uiteraard, klopt, dat klopt, "
        "dat is juist, inderdaad, dat is goed, oke, ok, tuurlijk",
        "n": "nee, neen, nope, zeker niet, liever niet, absoluut niet, natuurlijk niet, "
        "helemaal niet, dat klopt niet, klopt niet, dat is niet goed, niet goed, "
        "dat is niet juist, niet juist, dat is fout, ik denk het niet, ik dacht het niet, "
        "nog niet, nu niet, doe maar niet",
        "Y": "joh, zeker, natuurlijk, juist, correct, precies, goed, is goed, prima, graag, "
        "absoluut, akkoord, doe maar",
        "N": "nooit, onjuist, fout",
        "x": "weet ik niet, dat weet ik niet, weet ik niet zeker, ik weet het niet, weet het niet, "
        "ik weet niet, niet zeker, weet u zeker, weet je zeker, maakt niet uit, klopt er, "
        "klopt dat",
        "p": "hoor, alstublieft, alsjeblieft, dank u, dank u wel, dank je, dank je wel, dankjewel, "
        "dankuwel, bedankt, meneer, mevrouw, nou, eh, uh, hm, toch, eigenlijk, helaas",
    },
    half_is_before=True,
    please=frozenset({"alstublieft", "alsjeblieft"}),
    yes="ja",
    no="nee",
    typical={
        "yesno": "ja, nee, ja hoor, nee hoor, jazeker, zeker, oké, klopt, dat klopt, "
        "dat klopt niet, ja graag, nee dank u, nee dank je, liever niet",
        "date": "vandaag, morgen, overmorgen, gisteren, vanmorgen, vanmiddag, vanavond",
        "time": "uur, half, kwart over, kwart voor, 's ochtends, 's middags, 's avonds, "
        "middernacht",
    },
)
