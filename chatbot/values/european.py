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
    answers={"y": "ja, jawohl, genau, richtig, gerne", "n": "nein, nee", "p": "danke, bitte"},
    half_is_before=True,
    yes="ja",
    no="nein",
)
FRENCH = Vocabulary(
    dates={"R0": "aujourdhui", "R1": "demain", "R2": "apres demain", "t": "le"},
    times={"@": "a", "c": "heure, heures", "Z12": "midi", "Z0": "minuit"},
    answers={"y": "oui, daccord, bien sur, exactement", "n": "non", "p": "merci, sil vous plait"},
    yes="oui",
    no="non",
)
SPANISH = Vocabulary(
    dates={"R0": "hoy", "R1": "manana", "R2": "pasado manana", "t": "el", "o": "de, del"},
    times={"@": "a las, a la, las, la", "Z12": "mediodia", "Z0": "medianoche"},
    answers={"y": "si, claro, correcto, exacto, vale", "n": "no", "p": "gracias, por favor"},
    yes="sí",
    no="no",
)
ITALIAN = Vocabulary(
    dates={"R0": "oggi", "R1": "domani", "R2": "dopodomani", "t": "il"},
    times={"@": "alle, alluna", "Z12": "mezzogiorno", "Z0": "mezzanotte"},
    answers={"y": "si, certo, esatto, va bene", "n": "no", "p": "grazie, per favore"},
    yes="sì",
    no="no",
)
PORTUGUESE = Vocabulary(
    dates={"R0": "hoje", "R1": "amanha", "R2": "depois de amanha", "t": "o", "o": "de"},
    times={"@": "as, a", "c": "hora, horas", "Z12": "meio dia", "Z0": "meia noite"},
    answers={"y": "sim, claro, certo, correto", "n": "nao", "p": "obrigado, obrigada, por favor"},
    yes="sim",
    no="não",
)
