"""eSpeak NG: a clear, mechanical voice for a hundred languages, under the GPL 3.

It is called only in a process of its own, which does nothing else.
https://github.com/espeak-ng/espeak-ng/blob/1.52.0/src/include/espeak-ng/speak_lib.h
"""

import ctypes
from typing import Any

import espeakng_loader

from calls.voice.offline.speaker import NotSpoken, Spoken, from_16_bit
from calls.voice.offline.wire import Job

_OUTPUT_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_RATE_PARAMETER = 1
_UTF8 = 0x01
_SSML = 0x10
_BY_CHARACTER = 1
_WORDS_A_MINUTE = 160
"""Its own 175 is fast for a telephone."""

# The tags that it knows by another name.
_OTHER_NAMES = {"zh": "cmn", "no": "nb", "iw": "he", "tl": "fil"}

_TAKE_SOUND = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakSpeaker:
    """Speaks with the voice of the language."""

    gain = 1.3

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self._rate = self._library.espeak_Initialize(_OUTPUT_SYNCHRONOUS, 0, data, _DO_NOT_EXIT)
        if self._rate <= 0:
            raise RuntimeError("eSpeak NG does not find its data")
        self._sound = bytearray()
        # Held here, for the library does not hold it.
        self._callback = _TAKE_SOUND(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def __call__(self, job: Job) -> Spoken:
        """Speak. Raises NotSpoken for a language that it does not know."""
        self._choose_voice(job.language)
        rate = _WORDS_A_MINUTE * job.speed // 100
        self._library.espeak_SetParameter(_RATE_PARAMETER, rate, 0)
        self._sound.clear()
        text = job.text.encode()
        flags = _UTF8 | (_SSML if job.is_markup else 0)
        failed = self._library.espeak_Synth(
            text, len(text) + 1, 0, _BY_CHARACTER, 0, flags, None, None
        )
        if failed:
            raise RuntimeError(f"eSpeak NG: {failed}")
        return Spoken(from_16_bit(bytes(self._sound)), self._rate)

    def _choose_voice(self, language: str) -> None:
        tag = language.lower()
        main = tag.partition("-")[0]
        for name in (tag, _OTHER_NAMES.get(main, main)):
            if self._library.espeak_SetVoiceByName(name.encode()) == 0:
                return
        raise NotSpoken(f"The offline voice “espeak” does not speak the language “{language}”")

    def _take(self, samples: Any, number: int, _: int | None) -> int:
        if samples and number > 0:
            self._sound += ctypes.string_at(samples, number * 2)
        return 0
