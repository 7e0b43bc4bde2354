"""What a deed about many would do, to whom and how often: shown before it is done. Nothing is written here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import func, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message, Reason, When, counted
from inspire_lms.kernel.i18n import number
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.web.tables import Cell, Column, Paged, Table
from inspire_lms.plugins.online_call.confirming.paging import Row, one_page
from inspire_lms.plugins.online_call.confirming.rules import Seen
from inspire_lms.plugins.online_call.judging import committee, deciding, reviewing
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.judging.reviewing import Planned
from inspire_lms.plugins.online_call.judging.room import ranked
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering.actions import offer_until
from inspire_lms.plugins.online_call.posting import lists as posting_lists
from inspire_lms.plugins.online_call.posting import queries as posting
from inspire_lms.plugins.online_call.publishing import provisional
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import REVIEWS, State

NAME, WHAT = Column("name", Message("Applicant")), Column("what", Message("What happens"))
NOBODY = Message("There is no eligible application yet.")
POSITION, TOTAL = Column("position", Message("No."), kind="num"), Column("total", Message("Total"), kind="num")


@dataclass(frozen=True)
class Preview:
    """A deed about many, before it is done."""

    heading: Message
    does: tuple[Message, ...]
    """What it does, in sentences."""
    button: Message
    whom: Table
    paged: Paged
    seen: Seen
    back: str
    why_not: Reason | None
    beside: Table | None = None
    """Who else has to do something then."""


class Shown(NamedTuple):
    """An application as the committee reads it."""

    id: int
    person_id: int
    administration: str
    number: str
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        """The applicant, family name first."""
        return f"{self.family_name}, {self.given_name}" if self.given_name else self.family_name


def clear(call: Call, by: int) -> Preview:
    """Show who would take part, and who would be asked to evaluate whom."""
    found = _shown(*deciding.is_clear(call.id), *recusing.is_not_near(call.id, by))
    planned = reviewing.plan(call, found)
    names = people.names({each.evaluator_id for each in planned})
    asked: dict[int, list[str]] = {}
    for each in planned:
        asked.setdefault(each.application_id, []).append(names[each.evaluator_id].name if each.evaluator_id in names else "–")

    def row(one: Shown) -> Row:
        lacks = REVIEWS - len(asked.get(one.id, ()))
        happens = Message("Takes part; asked to evaluate: {names}", names=", ".join(asked.get(one.id, ["–"])))
        return {"name": _name(one.id, one.name, one.number), "administration": one.administration, "what": _lacking(happens, lacks)}

    rows, paged = one_page(found, row)
    does = [Message("They take part in the selection, and evaluators are asked. Nobody is rejected by this."), *_left(call, len(found))]
    empty = Message("For no application that waits is every condition met.")
    return Preview(
        heading=counted("{n} application would take part", "{n} applications would take part", n=len(found)),
        does=tuple(does),
        button=counted("Confirm {n} application", "Confirm {n} applications", n=len(found)),
        whom=Table((NAME, Column("administration", Message("Administration")), WHAT), rows, empty=empty),
        paged=paged,
        seen=deciding.seal_of(found, planned),
        back=url_for("online_call.applications", cohort_id=call.cohort_id, state="submitted"),
        why_not=deciding.why_not_clear(call),
        beside=_evaluators(call, planned) if planned else None,
    )


def _left(call: Call, confirmed: int) -> list[Message]:
    """Say how many would still wait: for somebody who is not too near to the applicant, and to be decided one by one."""
    is_clear = select(func.count()).select_from(Application).where(*deciding.is_clear(call.id))
    # Somebody may decide between the two reads; then nothing is said of it.
    for_others = max(0, (session.scalar(is_clear) or 0) - confirmed)
    one_by_one = judging.states(call.id).get(State.SUBMITTED, 0) - confirmed - for_others
    left: list[Message] = []
    if one_by_one:
        left.append(Message("Applications that are not among them and are decided one by one: {n}.", n=one_by_one))
    if for_others:
        left.append(
            counted(
                "{n} application is left for somebody else, because you are too near to the applicant.",
                "{n} applications are left for somebody else, because you are too near to the applicants.",
                n=for_others,
            )
        )
    return left


def _lacking(happens: Message, lacks: int) -> Cell:
    if not lacks:
        return Cell(happens)
    return Cell(happens, note=counted("{n} evaluator is still to be asked", "{n} evaluators are still to be asked", n=lacks))


def _evaluators(call: Call, planned: Sequence[Planned]) -> Table:
    """Show how many evaluations each person would be asked for, and would then have been asked for in all."""
    more, so_far = Counter(each.evaluator_id for each in planned), committee.loads(call.id)
    names = people.names(more)
    return Table(
        columns=(
            Column("name", Message("Evaluator")),
            Column("more", Message("Asked for now"), kind="num"),
            Column("then", Message("Asked for in all"), kind="num"),
        ),
        rows=[
            {"name": names[each].name if each in names else "–", "more": more[each], "then": more[each] + so_far.get(each, 0)}
            for each in sorted(more, key=lambda each: names[each].sort_key if each in names else "")
        ],
    )


def final(call: Call, by: int) -> Preview:
    """Show who would get an offer, and what every other line of the ranking would be."""
    applications = judging.judged(call)
    why_not = publishing.why_unsettled(call, publishing.Unsettled.of(applications)) or publishing.why_not_finally(call)
    lines, known = _lines(call, applications, by, why_not), {each.number: each for each in applications}
    until = When(offer_until(call, clock.now()), call.cohort.zone)
    waiting = {line.entry.number: place for place, line in enumerate((each for each in lines if _waits(each)), start=1)}

    def row(line: Line) -> Row:
        if line.is_chosen:
            return _line(line, known) | {"what": Cell(Message("Gets an offer until {until}", until=until), status="ok")}
        if line.is_suitable:
            place = Message("Goes on the reserve list, as number {n}", n=waiting[line.entry.number])
            return _line(line, known) | {"what": Cell(place, status="wait")}
        return _line(line, known) | {"what": Cell(Message("Gets no place: too few points"), status="bad")}

    rows, paged = one_page(lines, row)
    chosen = sum(line.is_chosen for line in lines)
    sends = posting_lists.sends(chosen, posting.languages(call.id), posting.letterbox(call.id))
    return Preview(
        heading=counted("Publish the ranking and send {n} offer", "Publish the ranking and send {n} offers", n=chosen),
        does=(
            Message(
                "Offers: {offers}. Reserve list: {reserve}. Not suitable: {others}.",
                offers=chosen, reserve=len(waiting), others=len(lines) - chosen - len(waiting),
            ),
            sends,
            Message("A published ranking cannot be changed."),
        ),
        button=Message("Publish and send the offers"),
        whom=Table((NAME, POSITION, TOTAL, WHAT), rows, empty=NOBODY),
        paged=paged,
        seen=publishing.seal_of(call, lines),
        back=url_for("online_call.committee_room", cohort_id=call.cohort_id),
        why_not=why_not,
    )  # fmt: skip


def _lines(call: Call, applications: Sequence[Judged], by: int, why_not: Reason | None) -> Sequence[Line]:
    """Rank what would be published; while that cannot be, only what *by* sees in the committee room, too."""
    return publishing.provisional(call, applications) if why_not is None else ranked(call, by).lines


def _waits(line: Line) -> bool:
    return line.is_suitable and not line.is_chosen


def first(call: Call, by: int) -> Preview:
    """Show whom publishing the ranking provisionally would tell what."""
    applications = judging.judged(call)
    why_not = provisional.why_not(call, applications)
    lines, known = _lines(call, applications, by, why_not), {each.number: each for each in applications}
    rejected = _shown(Application.call_id == call.id, Application.state == State.NOT_ELIGIBLE)
    sees, none = Message("Sees position and points"), Message("Sees that the application does not take part")

    def row(one: Line | Shown) -> Row:
        if isinstance(one, Line):
            return _line(one, known) | {"what": sees}
        return {"position": "–", "name": _name(one.id, one.name, one.number), "total": "–", "what": none}

    everybody: list[Line | Shown] = [*lines, *rejected]
    rows, paged = one_page(everybody, row)
    told = len(lines) + len(rejected)
    until = When(provisional.appeal_until(call, clock.now()), call.cohort.zone)
    return Preview(
        heading=counted(
            "Publish the ranking provisionally and tell {n} person", "Publish the ranking provisionally and tell {n} people", n=told
        ),
        does=(
            Message("Marks and decisions are fixed, and every applicant gets a mail now."),
            Message("Each may appeal against the own result until {until}. Nothing is public, and no place is offered yet.", until=until),
        ),
        button=Message("Publish it provisionally"),
        whom=Table((NAME, POSITION, TOTAL, WHAT), rows, empty=NOBODY),
        paged=paged,
        seen=provisional.seal_of(call, lines),
        back=url_for("online_call.committee_room", cohort_id=call.cohort_id),
        why_not=why_not,
    )


def _line(line: Line, known: Mapping[str, Judged]) -> dict[str, Any]:
    judged = known[line.entry.number]
    name = _name(judged.id, judged.name, judged.number)
    return {"position": line.position, "name": name, "total": number(line.entry.total, 2)}


def _name(application_id: int, name: str, protocol_number: str) -> Cell:
    return Cell(name, href=url_for("online_call.file", application_id=application_id), note=protocol_number)


def _shown(*chosen: Any) -> list[Shown]:  # noqa: ANN401 (conditions)
    columns: tuple[Any, ...] = (Application.id, Application.person_id, Application.administration, Application.protocol_number)
    rows = session.execute(
        select(*columns, Person.given_name, Person.family_name)
        .join(Person, Application.person_id == Person.id)
        .where(*chosen)
        .order_by(Application.submitted_at, Application.id)
    )
    return [Shown._make(row) for row in rows]
