"""From the bytes of an uploaded file to text, or a sentence that says which encoding they seem to have."""

import re

from inspire_lms.kernel.errors import Reason

OLD = {"el": "Windows-1253", "ro": "Windows-1250"}
"""What old programs write in a language; Windows-1252 in all others."""
TWICE = re.compile("[ÃÂÎÏÈÄÅ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""What the first bytes of UTF-8 look like when they were read as Windows-1252 and written again."""
TOO_OFTEN = 3


def decoded(raw: bytes, language: str) -> str | Reason:
    """Give the text of *raw*; UTF-8 is asked for, UTF-16 with its mark at the start is understood too."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf_16(raw)
    if b"\x00" in raw:
        return Reason("This is not a text file, or it is UTF-16 without its mark at the start. Save it as UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        return Reason(
            "The file is not UTF-8: line {line} has a letter that looks like {encoding}. Save it as UTF-8.",
            line=line, encoding=OLD.get(language, "Windows-1252"),
        )  # fmt: skip
    if "\N{REPLACEMENT CHARACTER}" in text:
        line = text.count("\n", 0, text.index("\N{REPLACEMENT CHARACTER}")) + 1
        return Reason("Letters were lost before: line {line} has a replacement sign. Take the file from its source again.", line=line)
    if len(TWICE.findall(text)) >= TOO_OFTEN:
        line = text.count("\n", 0, TWICE.search(text).start()) + 1  # type: ignore[union-attr]  # findall has just found it
        return Reason("The file was turned into UTF-8 twice: see line {line}. Take the file from its source again.", line=line)
    return text


def _utf_16(raw: bytes) -> str | Reason:
    try:
        return raw.decode("utf-16")
    except UnicodeDecodeError:
        return Reason("The file starts as UTF-16 and is broken further on. Save it as UTF-8.")
