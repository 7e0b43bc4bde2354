"""What other components ask of the call: admissions, menu, home pages, tasks, figures, dates."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import func, select

from inspire_lms.contracts.admission import Admission, AdmittedPeople
from inspire_lms.contracts.pages import (
    AgendaEntries,
    AgendaEntry,
    CohortFigures,
    CohortTasks,
    Figure,
    HomePart,
    MenuEntries,
    MenuEntry,
    NextThing,
    NextThings,
    PersonParts,
    PublicParts,
)
from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, ngettext
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.applying.following import HEADINGS, IN_VAIN, STATES
from inspire_lms.plugins.online_call.authorising import queries as authorising
from inspire_lms.plugins.online_call.authorising.showing import STATES as STATUSES
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.mending.models import Mending
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.overview import found as finding
from inspire_lms.plugins.online_call.posting import queries as posting
from inspire_lms.plugins.online_call.publishing import lists as publications
from inspire_lms.plugins.online_call.reserve.rules import is_in_vain
from inspire_lms.plugins.online_call.rules import Phase, ReviewState, Standing, State, Window
from inspire_lms.plugins.online_call.seeing.veil import veils

ONE_DAY = timedelta(days=1)


def admitted_people(enquiry: AdmittedPeople) -> Mapping[int, Admission]:
    """Say who was offered a place in a cohort."""
    rows = session.execute(
        select(Application.person_id, Application.protocol_number, Application.submitted_at, Place.standing, Place.answered_at)
        .join(Place, Place.application_id == Application.id)
        .join(Call, Application.call_id == Call.id)
        .where(Call.cohort_id == enquiry.cohort_id, Place.offered_at.is_not(None))
    )
    return {row[0]: Admission(row[1] or "", row[2] or clock.now(), row[4] if row[3] == Standing.ACCEPTED else None) for row in rows}


def menu(enquiry: MenuEntries) -> tuple[MenuEntry, ...]:
    """Lead the committee to its work; no statement of its own."""
    if enquiry.person_id is None:
        return ()
    found = [MenuEntry(20, _("Evaluations"), url_for("online_call.reviews"))] if access.may(enquiry.person_id, "online_call:score") else []
    if judging.cohorts_where(enquiry.person_id, "online_call:select"):
        found.append(MenuEntry(21, _("Selection"), url_for("online_call.rooms")))
    return tuple(found)


def public_parts(_enquiry: PublicParts) -> tuple[HomePart, ...]:
    """Show the calls on the front page: of each country the one that matters now."""
    now = clock.now()
    calls: dict[str, dict[str, Any]] = {}
    for call in queries.calls(now):
        calls.setdefault(
            call.cohort.country,
            {
                "country": call.cohort.country_name,
                "title": call.heading,
                "zone": call.cohort.zone,
                "phase": str(call.window.phase(now)),
                "opens_at": call.opens_at,
                "closes_at": call.closes_at,
                "href": url_for("online_call.call", country=call.cohort.country.lower()),
            },
        )
    return (HomePart(10, "online_call/front.html", {"calls": list(calls.values())}),) if calls else ()


def next_things(enquiry: NextThings) -> tuple[NextThing, ...]:
    """Remind of a draft while the call is open, of an offer, and of evaluations that wait."""
    now, found = clock.now(), []
    for row in _own(enquiry.person_id):
        href = url_for("online_call.follow", application_id=row.id)
        if row.state == State.DRAFT and Window(row.opens_at, row.closes_at, row.zone).phase(now) is Phase.OPEN:
            text = _("It is saved, but not submitted.")
            found.append(NextThing(_("Finish your application"), text, _("Go on with your draft"), href, row.closes_at, 1, zone=row.zone))
        if row.state == State.SUBMITTED and row.mend_until and row.mended_at is None and now < row.mend_until:
            text, there = _("Something in it is missing or cannot be read."), url_for("online_call.mend", application_id=row.id)
            found.append(NextThing(_("Mend your application"), text, _("See what is asked for"), there, row.mend_until, 0, zone=row.zone))
        if row.standing == Standing.OFFERED and row.offer_until is not None and now < row.offer_until:
            text = _("If you do not answer in time it goes to the next person.")
            found.append(NextThing(_("A place is offered to you"), text, _("Answer the offer"), href, row.offer_until, 0, zone=row.zone))
    if number := _waiting(enquiry.person_id):
        heading = ngettext("{n} application waits for your evaluation", "{n} applications wait for your evaluation", number)
        found.append(NextThing(heading, "", _("Evaluate"), url_for("online_call.reviews"), None, 1))
    return tuple(found)


def person_parts(enquiry: PersonParts) -> tuple[HomePart, ...]:
    """Show one's own applications."""
    own, now = _own(enquiry.person_id), clock.now()
    # Once it is decided upon, what the superior said is part of that.
    undecided = {row.id for row in own if row.state in {State.DRAFT, State.SUBMITTED}}
    asked = authorising.latest_of(enquiry.person_id) if undecided else {}
    mine = [
        {
            "title": row.title,
            "country": row.country_name,
            "number": row.protocol_number,
            "href": url_for("online_call.follow", application_id=row.id),
            "kind": kind,
            "status": status,
            "authorisation": STATUSES[asked[row.id].at(now)] if row.id in asked and row.id in undecided else None,
        }
        for row in own
        for kind, status in [_status(row.state, row.standing, in_vain=is_in_vain(row.standing, row.reserve_until, at=now))]
    ]
    return (HomePart(30, "online_call/mine.html", {"mine": mine}),) if mine else ()


def _status(state: str, standing: str | None, *, in_vain: bool) -> tuple[str, Message]:
    if state == State.DRAFT:
        return "wait", Message("Draft, not submitted")
    if in_vain:
        return IN_VAIN[1:]
    if standing == Standing.RESERVE:
        return "wait", Message("Reserve list")
    _heading, kind, status = HEADINGS[Standing(standing)] if standing else STATES[State(state)]
    return kind, status


@once_a_page
def _own(person_id: int) -> list[Any]:
    of_application: tuple[Any, ...] = (Application.id, Application.state, Application.protocol_number)
    of_call: tuple[Any, ...] = (Call.title, Call.opens_at, Call.closes_at, Call.reserve_until, Call.cohort_id)
    columns = (*of_application, *of_call, Cohort.zone, Cohort.country_name)
    rows = session.execute(
        select(*columns, Place.standing, Place.offer_until, Mending.until.label("mend_until"), Mending.mended_at)
        .join(Call, Application.call_id == Call.id)
        .join(Cohort, Call.cohort_id == Cohort.id)
        .join(Place, Place.application_id == Application.id, isouter=True)
        .join(Mending, Mending.application_id == Application.id, isouter=True)
        .where(Application.person_id == person_id)
        .order_by(Application.id.desc())
    ).all()
    return [row for row in rows if is_on_for_cohort("online_call", row.cohort_id)]


def _waiting(person_id: int) -> int:
    cohorts = judging.cohorts_where(person_id, judging.SCORE)
    if not cohorts:
        return 0
    mine = (Review.evaluator_id == person_id, Review.state == ReviewState.ASKED)
    chosen = select(Call.id, func.count()).select_from(Review).join(Application, Review.application_id == Application.id)
    in_the_running = (Application.state == State.ELIGIBLE, Call.cohort_id.in_(cohorts))
    found = session.execute(chosen.join(Call, Application.call_id == Call.id).where(*mine, *in_the_running).group_by(Call.id)).all()
    covered = veils(row[0] for row in found) if found else {}
    # What was opened again after a list waits for no phase.
    open_now = {call_id for call_id, veil in covered.items() if veil.sight.may_mark or judging.has_list(call_id)}
    return sum(row[1] for row in found if row[0] in open_now)


def tasks(enquiry: CohortTasks) -> tuple[NextThing, ...]:
    """Tell the coordinator what the selection waits for."""
    call = judging.call(enquiry.cohort_id)
    return (*_letters(call), *_selection(call)) if call else ()


def _letters(call: Call) -> tuple[NextThing, ...]:
    """Remind of letters that wait to be released."""
    if not (number := posting.number_waiting(call.id)):
        return ()
    text = ngettext("{n} letter waits to be released", "{n} letters wait to be released", number)
    href = url_for("online_call.outbox", cohort_id=call.cohort_id)
    return (NextThing(text, call.cohort.country_name.text(), _("See the letters"), href, None, 1),)


def _selection(call: Call) -> tuple[NextThing, ...]:
    if call.window.phase(clock.now()) is not Phase.CLOSED or judging.is_published(call.id):
        return ()
    counts, room = judging.states(call.id), url_for("online_call.committee_room", cohort_id=call.cohort_id)
    if by_two := proposals.waiting(call.id):
        text = ngettext("{n} decision waits for a second person", "{n} decisions wait for a second person", by_two)
        href = url_for("online_call.overrides", cohort_id=call.cohort_id)
        return (NextThing(text, call.cohort.country_name.text(), _("See the decisions"), href, None, 1),)
    if undecided := counts.get(State.SUBMITTED, 0):
        text = ngettext("Decide on the eligibility of {n} application", "Decide on the eligibility of {n} applications", undecided)
        return (NextThing(text, call.cohort.country_name.text(), _("Check the applications"), room, None, 1),)
    if not counts.get(State.ELIGIBLE):
        return ()
    open_ = finding.found(call, frozenset()).unsettled.lacking
    to_come = ngettext("{n} evaluation is still to come", "{n} evaluations are still to come", open_)
    text = to_come if open_ else publications.next_deed(call)
    return (NextThing(text, call.cohort.country_name.text(), _("To the committee room"), room, None, 2 if open_ else 1),) if text else ()


def agenda(enquiry: AgendaEntries) -> tuple[AgendaEntry, ...]:
    """Give the dates of the call to the committee. What applicants wait for stands on their home page: they are in no cohort yet."""
    call = judging.call(enquiry.cohort_id)
    if call is None:
        return ()
    href = url_for("online_call.call", country=call.cohort.country.lower())
    if access.may(enquiry.person_id, "online_call:select", call.cohort.context_id):
        country = call.cohort.country_name.text()
        return (
            AgendaEntry(call.opens_at, None, _("The call opens, {country}", country=country), href),
            AgendaEntry(call.closes_at, None, _("The call closes, {country}", country=country), href),
            AgendaEntry(call.reserve_until, None, _("The reserve list ends, {country}", country=country), href),
        )
    return ()


def figures(enquiry: CohortFigures) -> tuple[Figure, ...]:
    """Count who applied, was eligible, was offered a place and took it; and how the call went."""
    call = judging.call(enquiry.cohort_id)
    if call is None:
        return ()
    lines, published = _lines(call.id), judging.ranking_of(call.id)
    seats = Decimal(call.cohort.seats)
    applied = Decimal(sum(one.number for one in lines if one.state != State.DRAFT))
    # Who left the ranking was eligible all the same.
    eligible = Decimal(sum(one.number for one in lines if one.state == State.ELIGIBLE or (one.standing and one.state == State.WITHDRAWN)))
    offered = Decimal(sum(one.number for one in lines if one.was_offered))
    enrolled = Decimal(sum(one.number for one in lines if one.standing == Standing.ACCEPTED))
    filled = enrolled * 100 / seats if published else None
    room = url_for("online_call.committee_room", cohort_id=call.cohort_id)
    rows = url_for("online_call.applications", cohort_id=call.cohort_id)
    return (
        Figure("applied", 10, "funnel", _("Applied"), applied, "people", seats * 2, href=rows),
        Figure("eligible", 20, "funnel", _("Eligible"), eligible, "people", None, href=rows),
        Figure("offered", 30, "funnel", _("Offered a place"), offered, "people", seats, href=room),
        Figure("enrolled", 40, "funnel", _("Enrolled"), enrolled, "people", seats, href=room),
        Figure("applications-per-seat", 10, "kpi", _("Applications per place"), applied / seats, "ratio", Decimal("1.5"), href=rows),
        Figure("seats-filled", 20, "kpi", _("Places filled"), filled, "percent", Decimal(100), href=room),
        _days_to_list(call, published, room),
    )


def _days_to_list(call: Call, published: Ranking | None, href: str) -> Figure:
    days = Decimal((published.published_at - call.closes_at) // ONE_DAY) if published else None
    title = _("Days from the deadline to the final list")
    return Figure("days-to-final-list", 30, "kpi", title, days, "days", Decimal(20), target_is_maximum=True, href=href)


class _Lines(NamedTuple):
    """How many applications are in one state, with one line of the ranking or (None) without any."""

    state: str
    standing: str | None
    was_offered: bool
    number: int


def _lines(call_id: int) -> list[_Lines]:
    was_offered = Place.offered_at.is_not(None)
    rows = session.execute(
        select(Application.state, Place.standing, was_offered, func.count())
        .outerjoin(Place, Place.application_id == Application.id)
        .where(Application.call_id == call_id)
        .group_by(Application.state, Place.standing, was_offered)
    )
    return [_Lines(state, standing, bool(offered), number) for state, standing, offered, number in rows]
