"""When applications on paper may be entered, which of them are in doubt, and what follows from the answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from inspire_lms.kernel.errors import Message, Reason, When
from inspire_lms.kernel.people.names import fold, latin
from inspire_lms.plugins.online_call.rules import Phase, Window

KEEP_UNCONFIRMED = timedelta(days=7)
"""How long a table waits to be confirmed; then it is deleted, and nothing of it was written."""

LONGEST_SOURCE = 500
"""Most characters of what is written about where the applications come from."""

OUT, OWN, SAME_ROW, SAME = "out", "own", "row", "same:"
"""The answers to a doubt: left out; counts for its own address; the same person as an earlier row, or as the account with the number."""

T = TypeVar("T")
_SHOWN = 2
"""Letters of an address that are shown of somebody who has not sent it here."""


def why_not_import(window: Window, *, published: bool, at: datetime) -> Reason | None:
    """Say why no application can be entered at *at*."""
    if published:
        return Reason("The ranking is published: no application can be added.")
    if window.phase(at) is Phase.BEFORE:
        return Reason("The call opens on {opens}.", opens=When(window.opens_at, window.zone))
    return None


def some_at_once(all_of: Sequence[T], number: int) -> Iterator[Sequence[T]]:
    """Divide a long list into parts of at most *number*."""
    return (all_of[at : at + number] for at in range(0, len(all_of), number))


def name_key(given: str, family: str, language: str) -> str:
    """Reduce a name to what does not depend on accents, alphabet, or which part is written first."""
    return " ".join(sorted(fold(latin(f"{given} {family}", language)).split()))


@dataclass(frozen=True)
class Told:
    """Who applies in a row, as far as it matters for telling people apart."""

    row: int
    email: str
    key: str
    name: str
    administration: str
    """Folded."""
    received_at: datetime


@dataclass(frozen=True)
class Known:
    """Somebody with an account."""

    person_id: int
    email: str
    keys: frozenset[str]
    """The name, and its form in Latin letters, as name_key gives them."""
    number: str | None = None
    """The protocol number of the application in this call; None when there is none, or only a draft."""
    has_draft: bool = False
    administrations: frozenset[str] = frozenset()
    """Folded."""


@dataclass
class Doubt:
    """A row of which a person must say who it is."""

    row: int
    name: str
    email: str
    why: list[Message] = field(default_factory=list)
    options: dict[str, Message] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """For whom a row is written."""

    row: int
    email: str
    """Of the account, which is not always that of the row."""
    person_id: int | None
    """None when an account has to be prepared."""
    answer: str
    """What was answered about it; empty when there was no doubt."""
    received_at: datetime


def doubts(told: Sequence[Told], accounts: Mapping[str, Known], namesakes: Mapping[str, Sequence[Known]]) -> list[Doubt]:
    """List the rows in doubt, in their order: *accounts* by address, *namesakes* by key of their name."""
    found, by_email, by_key = [], dict[str, Told](), dict[str, Told]()
    for one in told:
        doubt = Doubt(one.row, one.name, one.email)
        account = accounts.get(one.email)
        if one.email in by_email:
            doubt.why.append(Message("Row {row} has the same e-mail address. One person has one application.", row=by_email[one.email].row))
        elif account and account.number:
            doubt.why.append(Message("With this address somebody has applied already: {number}.", number=account.number))
        else:
            _same_name_in_the_table(doubt, one, by_key.get(one.key))
            for other in namesakes.get(one.key, ()):
                _same_name_elsewhere(doubt, one, other)
            _own_account(doubt, one, account)
        if doubt.why:
            doubt.options[OUT] = Message("Leave this row out")
            found.append(doubt)
        by_email.setdefault(one.email, one)
        by_key.setdefault(one.key, one)
    return found


def _same_name_in_the_table(doubt: Doubt, one: Told, other: Told | None) -> None:
    if other is None:
        return
    if one.administration == other.administration:
        doubt.why.append(Message("Row {row} has the same name and the same administration, with another address.", row=other.row))
    else:
        doubt.why.append(Message("Row {row} has the same name, with another address and another administration.", row=other.row))
    doubt.options[SAME_ROW] = Message("The same person: row {row} counts, this one is left out", row=other.row)
    doubt.options[OWN] = Message("Another person with the same name: this row counts by itself")


def _same_name_elsewhere(doubt: Doubt, one: Told, other: Known) -> None:
    if other.email == one.email:
        return
    shown = {"address": shortened(other.email)}
    if one.administration in other.administrations:
        doubt.why.append(Message("Somebody with the same name and the same administration is known with the address {address}.", **shown))
    else:
        doubt.why.append(Message("Somebody with the same name is known with the address {address}.", **shown))
    doubt.options[f"{SAME}{other.person_id}"] = (
        Message("The same person as {address}, who has applied already ({number}): this row is left out", number=other.number, **shown)
        if other.number
        else Message("The same person as {address}: the application goes to that account", **shown)
    )
    doubt.options[OWN] = Message("Another person with the same name: this row counts by itself")


def _own_account(doubt: Doubt, one: Told, account: Known | None) -> None:
    if account is None:
        return
    if one.key not in account.keys:
        doubt.why.append(Message("The account with this address has another name. Perhaps the address is mistyped."))
        doubt.options[OWN] = Message("The address is right: the application goes to the account with it")
    if account.has_draft:
        doubt.why.append(Message("With this address an application was begun online and not submitted."))
        doubt.options.setdefault(OWN, Message("The paper counts: the draft is deleted"))


def shortened(email: str) -> str:
    """Show of an address as much as helps to recognise it."""
    local, _at, domain = email.partition("@")
    return f"{local[:_SHOWN]}…@{domain}"


def unanswered(found: Sequence[Doubt], answers: Mapping[str, Any]) -> list[Doubt]:
    """List the doubts without an answer that is still offered."""
    return [each for each in found if answers.get(str(each.row)) not in each.options]


def settled(
    told: Sequence[Told],
    found: Sequence[Doubt],
    answers: Mapping[str, Any],
    accounts: Mapping[str, Known],
    namesakes: Mapping[str, Sequence[Known]],
) -> tuple[list[Target], dict[int, Reason]]:
    """Say for whom each row is written, those left out left out; and of which rows the answers contradict each other."""
    doubtful = {each.row for each in found}
    others = {other.person_id: other for several in namesakes.values() for other in several}
    targets: list[Target] = []
    taken: dict[int | str, int] = {}
    wrong: dict[int, Reason] = {}
    for one in told:
        answer = str(answers[str(one.row)]) if one.row in doubtful else ""
        account = accounts.get(one.email)
        whom = others[int(answer.removeprefix(SAME))] if answer.startswith(SAME) else account
        if answer in {OUT, SAME_ROW} or (whom and whom.number):
            continue
        whose: int | str = whom.person_id if whom else one.email
        if whose in taken:
            wrong[one.row] = Reason("Row {row} is written for the same person. One of the two is to be left out.", row=taken[whose])
            continue
        taken[whose] = one.row
        email, person_id = (whom.email, whom.person_id) if whom else (one.email, None)
        targets.append(Target(one.row, email, person_id, answer, one.received_at))
    return targets, wrong
