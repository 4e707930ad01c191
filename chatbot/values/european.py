"""The least that German, French, Spanish, Italian and Portuguese bots need."""

from chatbot.values.vocabulary import Vocabulary

GERMAN = Vocabulary(
    dates={
        "R0": "heute",
        "R1": "morgen",
        "R2": "ubermorgen",
        "a": "am",
        "t": "der, den, dem",
        "s": "kommenden, diesen",
        "k1": "nachste woche",
    },
    times={"@": "um", "c": "uhr", "h": "halb", "q": "viertel", "p": "nach", "t": "vor"},
    answers={
        "y": "ja, jawohl",
        "n": "nein, nee",
        "Y": "genau, richtig, gerne",
        "p": "danke, bitte",
    },
    half_is_before=True,
    please=frozenset({"bitte"}),
    yes="ja",
    no="nein",
)
FRENCH = Vocabulary(
    dates={"R0": "aujourdhui", "R1": "demain", "R2": "apres demain", "t": "le"},
    times={"@": "a", "c": "heure, heures", "Z12": "midi", "Z0": "minuit"},
    answers={
        "y": "oui, bien sur",
        "n": "non",
        "Y": "daccord, exactement",
        "p": "merci, sil vous plait",
    },
    please=frozenset({"sil vous plait", "sil te plait", "svp"}),
    yes="oui",
    no="non",
)
SPANISH = Vocabulary(
    dates={"R0": "hoy", "R1": "manana", "R2": "pasado manana", "t": "el", "o": "de, del"},
    times={"@": "a las, a la, las, la", "Z12": "mediodia", "Z0": "medianoche"},
    answers={
        "y": "si, vale",
        "n": "no",
        "Y": "claro, correcto, exacto",
        "x": "no se, no lo se, no importa, no hay problema",
        "p": "gracias, por favor",
    },
    please=frozenset({"por favor"}),
    yes="sí",
    no="no",
)
ITALIAN = Vocabulary(
    dates={"R0": "oggi", "R1": "domani", "R2": "dopodomani", "t": "il"},
    times={"@": "alle, alluna", "Z12": "mezzogiorno", "Z0": "mezzanotte"},
    answers={"y": "si", "n": "no", "Y": "certo, esatto, va bene", "p": "grazie, per favore"},
    please=frozenset({"per favore"}),
    yes="sì",
    no="no",
)
PORTUGUESE = Vocabulary(
    dates={"R0": "hoje", "R1": "amanha", "R2": "depois de amanha", "t": "o", "o": "de"},
    times={"@": "as, a", "c": "hora, horas", "Z12": "meio dia", "Z0": "meia noite"},
    answers={
        "y": "sim",
        "n": "nao",
        "Y": "claro, certo, correto",
        "x": "nao sei, nao importa",
        "p": "obrigado, obrigada, por favor",
    },
    please=frozenset({"por favor"}),
    yes="sim",
    no="não",
)
