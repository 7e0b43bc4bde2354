"""Whose connection is it? By e-mail first, then by the exact name if only one bears it; the rest is asked, never guessed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.people.names import fold
from inspire_lms.plugins.webinar.reports.meeting import Connection

LIKE = 0.72
"""From this likeness on a name is proposed, and asked about. "Victor De" and "Victor Du" are more alike than that:
likeness alone never decides."""
MOST_PROPOSALS = 5
_DEVICE = re.compile(
    r"\b(i ?phone|i ?pad|huawei|samsung|galaxy|xiaomi|redmi|oppo|pixel|android|mobile|phone|telefon\w*|κινητο\w*|tablet|laptop|desktop|pc|"
    r"windows|macbook|ufficio|office|γραφειο|birou\w*|guest|ospite|user|utente)\b"
)
_ASIDE = re.compile(r"[(\[]([^)\]]*)[)\]]")


@dataclass(frozen=True)
class Person:
    """Somebody who may have been there."""

    id: int
    names: tuple[str, ...]
    """The name as it is written, and in Latin letters."""
    email: str


@dataclass(frozen=True)
class Participant:
    """Somebody of the report: all connections under one name and one address."""

    name: str
    email: str
    connections: tuple[Connection, ...]

    @property
    def key(self) -> str:
        """What tells participants of a report apart."""
        return f"{self.email}|{fold(self.name)}"


@dataclass(frozen=True)
class Match:
    """What is thought about one participant."""

    participant: Participant
    person_id: int | None
    """None when a person has to decide."""
    doubt: Reason | None
    proposals: tuple[int, ...] = ()
    """Persons who come into question, the likeliest first."""


def participants(connections: Iterable[Connection]) -> tuple[Participant, ...]:
    """Put the connections of the same name and address together, in order of name."""
    grouped: dict[str, list[Connection]] = {}
    for one in connections:
        grouped.setdefault(Participant(one.name, one.email, ()).key, []).append(one)
    found = (Participant(each[0].name, each[0].email, tuple(sorted(each, key=lambda one: one.came_at))) for each in grouped.values())
    return tuple(sorted(found, key=lambda one: (fold(one.name), one.email)))


def matches(found: Sequence[Participant], people: Sequence[Person], remembered: Mapping[str, int] | None = None) -> tuple[Match, ...]:
    """Say for each participant who it is, or why that is not sure.

    *remembered* are answers that a person gave for earlier reports, by key; they are proposed, and asked again.
    """
    by_email = {each.email.lower(): each.id for each in people if each.email}
    by_name = _by_name(people)
    sure = {one.key: by_email[one.email] for one in found if one.email in by_email}
    strangers = _strangers(found, by_email, by_name)
    answers = remembered or {}
    return tuple(
        Match(one, sure[one.key], None) if one.key in sure else _by_name_or_asked(one, people, by_name, strangers, answers.get(one.key))
        for one in found
    )


def _by_name_or_asked(
    one: Participant, people: Sequence[Person], by_name: Mapping[str, set[int]], strangers: Mapping[int, set[str]], answered: int | None
) -> Match:
    ids = _named(one.name, by_name)
    proposals = _proposals(one.name, people, ids, answered)
    if len(ids) > 1:
        return Match(one, None, Reason("More than one person here has this name."), proposals)
    if ids:
        person_id = next(iter(ids))
        if len(strangers.get(person_id, ())) > 1:
            return Match(one, None, Reason("Two participants have this name, with different addresses."), proposals)
        return Match(one, person_id, None, proposals)
    if answered is not None:
        return Match(one, None, Reason("An earlier report had this participant too; the answer given then is chosen below."), proposals)
    if _DEVICE.search(fold(one.name)) or not re.search(r"[^\W\d_]", one.name):
        return Match(one, None, Reason("This is the name of a device or an office."), proposals)
    if proposals:
        return Match(one, None, Reason("The name is similar to one of the group, and not the same."), proposals)
    return Match(one, None, Reason("Nobody of the group has this name or address."), ())


def _by_name(people: Iterable[Person]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for each in people:
        for name in each.names:
            found.setdefault(_in_any_order(name), set()).add(each.id)
    return found


def _strangers(found: Sequence[Participant], by_email: Mapping[str, int], by_name: Mapping[str, set[int]]) -> dict[int, set[str]]:
    """List the unknown addresses under which somebody's name appears: two of them may be two people."""
    unknown: dict[int, set[str]] = {}
    for one in found:
        if one.email and one.email not in by_email:
            for person_id in _named(one.name, by_name):
                unknown.setdefault(person_id, set()).add(one.email)
    return unknown


def _named(name: str, by_name: Mapping[str, set[int]]) -> set[int]:
    """Give those whose exact name this is: the whole, or what stands before or within the brackets, as in "M. (Maria Rossi)"."""
    outside = _ASIDE.sub(" ", name)
    forms = {_in_any_order(each) for each in (name, outside, *_ASIDE.findall(name))} - {""}
    return {person_id for form in forms for person_id in by_name.get(form, ())}


def _in_any_order(name: str) -> str:
    return " ".join(sorted(re.sub(r"[^\w\s]", " ", fold(name)).split()))


def _proposals(name: str, people: Sequence[Person], ids: set[int], answered: int | None) -> tuple[int, ...]:
    form = _in_any_order(_ASIDE.sub(" ", name))
    likeness = {
        each.id: max((SequenceMatcher(None, form, _in_any_order(own)).ratio() for own in each.names), default=0.0) for each in people
    }
    near = sorted((each for each in likeness if likeness[each] >= LIKE or each in ids), key=lambda each: (-likeness[each], each))
    first = [answered] if answered in likeness else []
    return tuple([each for each in first if each is not None] + [each for each in near if each != answered])[:MOST_PROPOSALS]
