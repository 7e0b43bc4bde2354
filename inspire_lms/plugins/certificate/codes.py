"""The three ways to name a certificate: its number, the secret code of its link, and the short code for people.

The short code has seven random characters and one check character of Crockford's alphabet, which has no I, L, O
or U. The check character is a weighted sum in the field of 32 elements, so that every single wrong character and
every exchange of two characters is noticed before anybody is told "not known".
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: 32 letters and figures that are hard to mistake for one another."""
SHORT_LENGTH = 8
SECRET_BYTES = 16
"""128 random bits: nobody finds a certificate by trying."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u2010": "", "\u2011": "", "\u2013": "", "\u00a0": ""})
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
_NUMBER = re.compile(r"[A-Z0-9-]+-[A-Z]{2}-\d{4}-\d{6}")
_REDUCE = 0b100101
"""x^5 + x^2 + 1, the polynomial by which the field of 32 elements is made."""


def secret_code() -> str:
    """Draw the code of a link: 22 characters that may stand in an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def read_secret_code(typed: str) -> str | None:
    """Give the code of a link that was typed or pasted, whole or its last part; None when it cannot be one."""
    last = typed.strip().rstrip("/").rpartition("/")[2]
    return last if _SECRET.fullmatch(last) and not _NUMBER.fullmatch(last.upper()) else None


def short_code() -> str:
    """Draw a short code, check character included, without its hyphen."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(SHORT_LENGTH - 1))
    return drawn + check_character(drawn)


def check_character(characters: str) -> str:
    """Give the character that stands at the end of *characters*, which are all of the alphabet."""
    total = 0
    for character in characters:
        total = _doubled(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def grouped(code: str) -> str:
    """Write a short code as it is printed: 7KQF-M2XD."""
    return f"{code[:4]}-{code[4:]}"


def read_short_code(typed: str) -> str | None:
    """Give the code that *typed* stands for; None when it cannot be one.

    Small letters, spaces and hyphens do not matter, O is read as 0, I and L as 1.
    """
    code = typed.strip().upper().translate(_READ_AS)
    if len(code) != SHORT_LENGTH or any(character not in ALPHABET for character in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def number(prefix: str, country: str, year: int, serial: int) -> str:
    """Write a certificate's number: INSPIREPA-IT-2026-000123."""
    return f"{prefix}-{country}-{year}-{serial:06d}"


def read_number(typed: str) -> str:
    """Write a typed number the one way it is stored."""
    return "-".join("".join(typed.split()).upper().replace("\u2011", "-").replace("\u2013", "-").split("-"))


def _doubled(element: int) -> int:
    """Multiply by x in the field of 32 elements."""
    element <<= 1
    return element ^ _REDUCE if element & 0b100000 else element
