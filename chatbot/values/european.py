"""The least that German, French, Spanish, Italian and Portuguese bots need."""

from chatbot.values.vocabulary import Vocabulary

GERMAN = Vocabulary(
    numbers="null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn "
    "vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig "
    "fünfzig sechzig siebzig achtzig neunzig",
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
    typical={"yesno": "ja, nein, genau, richtig, gerne, ja bitte, nein danke"},
)
FRENCH = Vocabulary(
    numbers="zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
    "quinze seize dix-sept dix-huit dix-neuf vingt trente quarante cinquante soixante "
    "soixante-dix quatre-vingts quatre-vingt-dix",
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
    typical={"yesno": "oui, non, d'accord, bien sûr, exactement, non merci"},
)
SPANISH = Vocabulary(
    numbers="cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciséis diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta "
    "sesenta setenta ochenta noventa",
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
    typical={"yesno": "sí, no, claro, correcto, vale, sí por favor, no gracias"},
)
ITALIAN = Vocabulary(
    numbers="zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
    "quattordici quindici sedici diciassette diciotto diciannove venti trenta quaranta "
    "cinquanta sessanta settanta ottanta novanta",
    dates={"R0": "oggi", "R1": "domani", "R2": "dopodomani", "t": "il"},
    times={"@": "alle, alluna", "Z12": "mezzogiorno", "Z0": "mezzanotte"},
    answers={"y": "si", "n": "no", "Y": "certo, esatto, va bene", "p": "grazie, per favore"},
    please=frozenset({"per favore"}),
    yes="sì",
    no="no",
    typical={"yesno": "sì, no, certo, esatto, va bene, no grazie"},
)
PORTUGUESE = Vocabulary(
    numbers="zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze "
    "quinze dezesseis dezessete dezoito dezenove vinte trinta quarenta cinquenta sessenta "
    "setenta oitenta noventa",
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
    typical={"yesno": "sim, não, claro, certo, correto, não obrigado, não obrigada"},
)
