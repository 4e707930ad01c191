"""Telephone audio as a file that browsers play. Pure."""

import struct

SAMPLE_RATE = 8000
_MULAW = 7
_FORMAT = struct.Struct("<HHLLHHH")


def wav_of(audio: bytes) -> bytes:
    """Return mu-law audio as a WAV file, its samples as they are."""
    fmt = _FORMAT.pack(_MULAW, 1, SAMPLE_RATE, SAMPLE_RATE, 1, 8, 0)
    # A format other than PCM has to say how many samples there are, and a chunk an even length.
    chunks = (b"fmt ", fmt), (b"fact", struct.pack("<L", len(audio))), (b"data", audio)
    body = b"WAVE" + b"".join(
        name + struct.pack("<L", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<L", len(body)) + body
