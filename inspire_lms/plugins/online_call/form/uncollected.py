"""What no form asks for: numbers of the state, papers of identity, pictures, health, birth. An edition file that does is refused.

A question is known by its code and by its title in every language; what its hint says is not looked at, since hints warn of the same
things. Source: domain study, section 6.2, "Data not to collect".
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from inspire_lms.kernel.errors import Message, Reason

ADJUSTMENTS = "adjustments"
"""The code of the question in which somebody may say what is needed to take part; only the coordinator of the country reads it."""

_FREE = frozenset({"consent"})
_GIVEN = frozenset({"file", "text", "long-text"})


@dataclass(frozen=True)
class Uncollected:
    """Something that is not asked for."""

    what: Message
    pattern: re.Pattern[str]
    kinds: Collection[str] | None = None
    """The kinds of questions by which it could be handed in; None when it is enough to speak of it."""


def _of(what: Message, *signs: str, kinds: Collection[str] | None = None) -> Uncollected:
    return Uncollected(what, re.compile("|".join(signs).casefold()), kinds)


UNCOLLECTED = (
    _of(
        Message("a national identification or tax number (CNP, codice fiscale, AMKA, AFM)"),
        r"\bcnp\b|cod(ul)? numeric personal", r"codice fiscale", r"\b(amka|afm|αμκα|αφμ)\b|α\.μ\.κ\.α|α\.φ\.μ",
        r"φορολογικου μητρωου|μητρωου κοινωνικης", r"(national|social|personal) (identification|insurance|security|id) (number|code)",
        r"\btax (identification )?(number|code)",
    ),
    _of(
        Message("an identity document or its number"),
        r"\b(identity|id) (card|document|number)|passport", r"(carta|documento) d.identita|passaporto",
        r"(δελτι|αριθμ|αντιγραφ|στοιχει)\w* ([\w]+ )?ταυτοτητας|αστυνομικη\w* ταυτοτητα|\b(αδτ|adt)\b|α\.δ\.τ|διαβατηρι",
        r"(carte|cartea|act|actul|buletin|buletinul) de identitate|pasaport",
    ),
    _of(Message("a photograph"), r"\bphoto|\bfoto|φωτογραφι", kinds=_GIVEN),
    _of(Message("a curriculum vitae"), r"curriculum vitae|\bcv\b|βιογραφικ"),
    _of(
        Message("details about health or a disability"),
        r"disabilit|\binvalidi|handicap|dizabilit|αναπηρι", r"(state of|your) health|health (condition|status|problem|detail|data|issue)",
        r"\billness|\bdisease|\bmedical", r"stato di salute|(sua|propria) salute|\bmalatti|\bpatologi|certificato medico",
        r"καταστασ\w+ (της )?υγειας|υγεια\w? σας|\bασθενει|\bπαθησ|\bιατρικ",
        r"star\w+ de sanatate|sanatatea dumneavoastra|\bboal|\bboli\b|afectiun",
    ),
    _of(
        Message("the date or place of birth"),
        r"\b(date|year|place|day) of birth|birth ?(date|day|place|year)|when were you born",
        r"(data|anno|luogo) di nascita|\bnat[oa] (il|a)\b",
        r"(ημερομηνι|ετο|χρονολογι|τοπο)\w* γεννησ", r"(data|anul|locul) (nasterii|de nastere)|nascut",
    ),
)  # fmt: skip
"""In the order in which the page of a call names them."""

_ABOUT_OTHERS = re.compile(
    r"(people|persons|adults|children|citizens|pupils) with (a )?disabilit\w+|(persone|adulti|minori|alunni) con disabilit\w+"
    r"|(ατομα|ατομων|παιδια|παιδιων) με αναπηρι\w+|(persoane|persoanele|persoanelor|copii|copiii|elevi) cu dizabilit\w+"
)
"""Whom a service is there for is no detail about the applicant."""


def why_not_ask(code: str, kind: str, title: Mapping[str, str]) -> Reason | None:
    """Say why a question cannot be in a form: it asks for something that is not collected."""
    if kind in _FREE:
        return None
    said = [_plain(each) for each in (code.replace("-", " "), *title.values())]
    for each in UNCOLLECTED:
        if (each.kinds is None or kind in each.kinds) and any(each.pattern.search(_ABOUT_OTHERS.sub("", one)) for one in said):
            return Reason("The question “{question}” asks for {what}: this is not collected.", question=code, what=each.what)
    return None


def why_not_open(code: str, *, is_private: bool, is_optional: bool) -> Reason | None:
    """Say why the question about adjustments cannot stand so: it is for the coordinator alone, and nobody has to answer it."""
    if code != ADJUSTMENTS or (is_private and is_optional):
        return None
    return Reason("The question “{question}” is for the coordinator alone: it is private and optional.", question=code)


def _plain(text: str) -> str:
    """Reduce a text to small letters without accents, in any alphabet."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in parted if not unicodedata.combining(each))
