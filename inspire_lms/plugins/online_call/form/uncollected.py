"""What no form asks for: numbers of the state, papers of identity, pictures, health, age and birth. An edition file that does is refused.

A question is known by its code, and in every language by its title, its options, what a superior confirms, and its hint; a section by
its title. Of a hint the sentences that say no are left out, since hints warn of the same things ("Please give no details about your
health"). Options are left out where the title asks about work ("Which services does your office run?"): they name fields, not persons.

Words cannot decide everything. An age is known where it is asked for as such ("Your age"), not where only brackets of numbers stand as
options, and not where it is that of others. A bare "people with disabilities" is taken for those whom a service is there for. A
question that asks in other words, or a file in which more stands than was asked for, is seen by the person who reads the notice.
Source: domain study, section 6.2, "Data not to collect".
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
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
    hinted: re.Pattern[str] | None = None
    """How a hint asks for it, where hints speak of it for another reason: a signed letter may be handed in as a photograph."""


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
    Uncollected(
        Message("a photograph"), re.compile(r"\bphoto|\bfoto|φωτογραφι"), _GIVEN,
        re.compile(r"(your|passport) photo|photo\w* of (you\b|yourself)|sua foto|fototessera|φωτογραφια σασ|foto\w* dumneavoastra"),
    ),
    _of(Message("a curriculum vitae"), r"curriculum vitae|\bcv\b|βιογραφικ"),
    _of(
        Message("details about health or a disability"),
        r"disabilit|\binvalidi|handicap|dizabilit|αναπηρι", r"(state of|your) health|health (condition|status|problem|detail|data|issue)",
        r"\billness|\bdisease|\bmedical", r"stato di salute|(sua|propria) salute|\bmalatti|\bpatologi|certificato medico",
        r"καταστασ\w+ (της )?υγειας|υγεια\w? σας|\bασθενει|\bπαθησ|\bιατρικ",
        r"star\w+ de sanatate|sanatatea dumneavoastra|\bboal|\bboli\b|afectiun",
        # Laws by whose number everybody knows whom they are for: Italy 104/1992, 68/1999; Greece 2643/1998, 4488/2017; Romania 448/2006.
        r"\b(legge|law|l\.) ?(n\. ?|no\. ?)?104\b|\b(104/(19)?92|68/(19)?99)\b|1992, ?n\. ?104\b|1999, ?n\. ?68\b",
        r"\b(2643/(19)?98|4488/(20)?17)\b|\bκεπα\b|\bειστε αμεα\b",
        r"\b448/2006\b|\blegea (nr\. ?)?448\b",
    ),
    _of(
        Message("the age, or the date or place of birth"),
        r"\b(date|year|place|day) of (your )?birth|birth ?(date|day|place|year)|when were you born",
        r"(data|anno|luogo) di nascita|\bnat[oa](/a)? (il|a)\b|quando e nat[oa]\b",
        r"(ημερομηνι|ετο|χρονολογι|τοπο)\w* γεννησ|γεννηθηκατε", r"(data|anul|locul) (nasterii|de nastere)|nascut",
        r"^(the )?(applicant.s )?age( (group|range|bracket|class|band))?( in( full| completed)? years)?[^\w]*$",
        r"\byour (own )?age\b|how old are you",
        r"^(l.)?eta( anagrafica| in anni| compiuta)?[^\w]*$|\b(sua|tua|propria) (fascia d.|classe d.)?eta\b|^(fascia|classe) d.eta[^\w]*$",
        r"quanti anni ha( compiuto)?[^\w]*$|eta del(la)? candidat",
        r"^(η )?ηλικια( σε ετη)?[^\w]*$|ηλικια σας\b|^ηλικιακη (ομαδα|κατηγορια)( σας)?[^\w]*$|ποσων? (ετων|χρονων) ειστε",
        r"^varsta( in ani)?[^\w]*$|varsta dumneavoastra|ce varsta aveti|cati ani aveti[^\w]*$",
        r"^(grupa|categoria|grupul) (dumneavoastra )?de varsta[^\w]*$",
    ),
)  # fmt: skip
"""In the order in which the page of a call names them."""

_ABOUT_OTHERS = re.compile(
    r"medical (services?|staff|centres?|schools?|units?)|disability (services?|polic\w+|offices?)"
    r"|servizi\w* (per|alla|sulla) (la )?disabilita|υπηρεσι\w+ αναπηριασ|servicii\w* (medicale|pentru dizabilitati)"
    r"|(people|persons|adults|children|citizens|pupils) with (a )?disabilit\w+|(persone|adulti|minori|alunni) con disabilit\w+"
    r"|(ατομα|ατομων|παιδια|παιδιων) με αναπηρι\w+|(persoane|persoanele|persoanelor|copii|copiii|elevi) cu dizabilit\w+"
)
"""Whom a service is there for is no detail about the applicant."""


_NO = re.compile(
    r"\b(no(?!\.)|not|never|without|don.t|non|senza|nessun\w*|μη|μην|δεν|χωρισ|ποτε|ουτε|nu|fara|niciun\w*|niciodata)\b".casefold()
)
"""By what a sentence of a hint is known that warns of giving something, rather than asks for it."""
_OF_WORK = re.compile(
    r"\b(services?|sectors?|fields?|offices?|users|beneficiar\w+|polic\w+|serviz\w+|settor\w+|ambit\w+|uffici\w*|utent\w+|politic\w+"
    r"|υπηρεσι\w+|τομε\w+|πεδι\w+|ωφελουμεν\w+|πολιτικ\w+|servici\w*|domeni\w+|sector\w*|birou\w*)\b".casefold()
)
"""By what a title is known whose options name fields of work or those whom a service is there for."""


def why_not_ask(
    code: str, kind: str, title: Mapping[str, str], *, hint: Mapping[str, str] | None = None, options: Iterable[Mapping[str, str]] = ()
) -> Reason | None:
    """Say why a question cannot be in a form: it asks for something that is not collected."""
    if kind in _FREE:
        return None
    said = [_plain(each) for each in (code.replace("-", " "), *title.values())]
    if not any(_OF_WORK.search(each) for each in said[1:]):
        said += [_plain(text) for words in options for text in words.values()]
    what = _uncollected(said, kind, [one for text in (hint or {}).values() for one in _asking(text)])
    if what is None:
        return None
    return Reason("The question “{question}” asks for {what}: this is not collected.", question=code, what=what)


def why_not_confirm(code: str, sentence: Mapping[str, str]) -> Reason | None:
    """Say why a superior cannot be asked to confirm a sentence: it tells something that is not collected."""
    what = _uncollected([_plain(each) for each in sentence.values()], "text")
    if what is None:
        return None
    return Reason("What a superior confirms for “{question}” tells {what}: this is not collected.", question=code, what=what)


def why_not_head(code: str, title: Mapping[str, str]) -> Reason | None:
    """Say why a section cannot be called so: it is about something that is not collected."""
    what = _uncollected([_plain(each) for each in title.values()], "text")
    if what is None:
        return None
    return Reason("The section “{section}” is about {what}: this is not collected.", section=code, what=what)


def _uncollected(said: Iterable[str], kind: str, hints: Iterable[str] = ()) -> Message | None:
    """Say what these texts, reduced by _plain, ask for that is not collected."""
    said, hints = ([_ABOUT_OTHERS.sub("", each) for each in texts] for texts in (said, hints))
    for each in UNCOLLECTED:
        if each.kinds is not None and kind not in each.kinds:
            continue
        in_hints = each.hinted or each.pattern
        if any(each.pattern.search(one) for one in said) or any(in_hints.search(one) for one in hints):
            return each.what
    return None


def _asking(hint: str) -> list[str]:
    """Give the sentences of a hint that do not say no, reduced."""
    return [one for each in re.split(r"(?<=[.!?;·])\s+", hint) if not _NO.search(one := _plain(each))]


def why_not_open(code: str, *, is_private: bool, is_optional: bool) -> Reason | None:
    """Say why the question about adjustments cannot stand so: it is for the coordinator alone, and nobody has to answer it."""
    if code != ADJUSTMENTS or (is_private and is_optional):
        return None
    return Reason("The question “{question}” is for the coordinator alone: it is private and optional.", question=code)


def _plain(text: str) -> str:
    """Reduce a text to small letters without accents, in any alphabet."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in parted if not unicodedata.combining(each))
