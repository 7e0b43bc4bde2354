"""What the pages of others show about certificates."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from flask import url_for

from inspire_lms.contracts.pages import (
    CohortFigures,
    CohortTasks,
    Figure,
    HomePart,
    MenuEntries,
    MenuEntry,
    NextThing,
    NextThings,
    PathParts,
)  # fmt: skip
from inspire_lms.kernel import clock
from inspire_lms.kernel.access.queries import cohort_contexts, cohort_ids_where
from inspire_lms.kernel.i18n import _, ngettext, show
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.guard import allowed, cohort_zones
from inspire_lms.plugins.certificate import queries, rules
from inspire_lms.plugins.certificate.appealing import queries as appealing
from inspire_lms.plugins.certificate.appealing.queries import Open
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.earning import queries as earned
from inspire_lms.plugins.certificate.earning import rules as earning
from inspire_lms.plugins.certificate.earning.queries import Issued
from inspire_lms.plugins.certificate.naming.rules import Answer
from inspire_lms.plugins.certificate.rules import KIND_NAMES, TOPS, Kind, State
from inspire_lms.plugins.certificate.validity.rules import day_in, seen_as

NEW_FOR = timedelta(days=30)
"""How long a new certificate is offered on the home page; it can be downloaded afterwards too."""
TARGET_COMPLETION = Decimal(80)
"""Those who met attendance and assessments, in per cent of those enrolled, at least (domain.md 9.5)."""
TARGET_DAYS, TARGET_REISSUED = Decimal(5), Decimal(2)
"""Days from decision to issue, and reissues in per cent, both at most (domain.md 9.5)."""


def menu(enquiry: MenuEntries) -> tuple[MenuEntry, ...]:
    """Offer the public check to everybody, and its certificates to whoever decides about those of one cohort."""
    check = MenuEntry(85, _("Check a certificate"), url_for("certificate.check"))
    decides = cohort_ids_where(enquiry.person_id, "certificate:decide") if enquiry.person_id is not None else ()
    if len(decides) != 1 or not is_on_for_cohort("certificate", decides[0]):
        return (check,)
    return (MenuEntry(40, _("Certificates"), url_for("certificate.cohort", cohort_id=decides[0])), check)


def next_things(enquiry: NextThings) -> tuple[NextThing, ...]:
    """Ask for the name that will be printed, show what was refused, and offer a new certificate to its holder."""
    return (*_name_to_confirm(enquiry.person_id), *_refusals(enquiry.person_id), *_new_certificates(enquiry.person_id))


def _name_to_confirm(person_id: int) -> Iterator[NextThing]:
    own = queries.own(person_id)
    for cohort_id, answer in own.answers.items():
        kept = own.evidence.get(cohort_id)
        found = earning.standing(evidence.read(kept)).earned if kept else None
        held = [row for row in own.held if row.cohort_id == cohort_id and row.state == State.VALID]
        is_open = answer in {Answer.WAITING, Answer.CHANGED} and not any(rules.is_given_for(row.kind, found) for row in held)
        if is_open and is_on_for_cohort("certificate", cohort_id):
            yield NextThing(
                heading=_("Is this the name for your certificate?"),
                text=_("It is printed as it stands in your account. Please confirm or correct it before it is issued."),
                button=_("See the name"),
                href=url_for("certificate.name", cohort_id=cohort_id),
                until=None,
                urgency=1,
            )


def _appeals(person_id: int) -> Sequence[Open]:
    """List what a person may appeal against, or has; what nobody appealed against is over once they hold the whole."""
    own = queries.own(person_id)
    whole = {cohort_id: earning.standing(evidence.read(kept)).whole for cohort_id, kept in own.evidence.items()}
    valid = [row for row in own.held if row.state == State.VALID]
    made_up_for = {row.cohort_id for row in valid if rules.is_given_for(row.kind, whole.get(row.cohort_id, Kind.COMPETENCE))}
    revoked = [row.id for row in own.held if row.state == State.REVOKED]
    if not own.was_refused and not revoked:
        return []
    return [one for one in appealing.own(person_id, revoked) if one.state or one.cohort_id not in made_up_for]


def _refusals(person_id: int) -> Iterator[NextThing]:
    now = clock.now()
    for one in _appeals(person_id):
        if one.state is None and now <= one.until and is_on_for_cohort("certificate", one.cohort_id):
            yield NextThing(
                heading=_("The decision about your certificate"),
                text=_("You can read what it rests on, and appeal if you think that it is wrong."),
                button=_("See the decision"),
                href=_page_of(one),
                until=one.until,
                urgency=2,
                zone=cohort_zones().get(one.cohort_id, ""),
            )


def _page_of(one: Open) -> str:
    if one.refusal_id is not None:
        return url_for("certificate.appeal_refusal", refusal_id=one.refusal_id)
    return url_for("certificate.appeal_revocation", revocation_id=one.revocation_id)


def _new_certificates(person_id: int) -> tuple[NextThing, ...]:
    since = clock.now() - NEW_FOR
    return tuple(
        NextThing(
            heading=_("Your certificate is ready"),
            text=_("{document} {number}", document=show(KIND_NAMES[row.kind]), number=row.number),
            button=_("Download the certificate"),
            href=url_for("certificate.mine", certificate_id=row.id),
            until=None,
            urgency=2,
        )
        for row in queries.own(person_id).held
        if row.state == State.VALID
        and row.file_id is not None
        and row.issued_at >= since
        and is_on_for_cohort("certificate", row.cohort_id)
    )


def path_parts(enquiry: PathParts) -> tuple[HomePart, ...]:
    """Show a trainee what is met, what is missing and how, the name that will be printed, and the documents held."""
    person = people.person(enquiry.person_id)
    own = _standing(enquiry.cohort_id, enquiry.person_id)
    if person is None or own is None:
        return ()
    held = [row for row in queries.own(enquiry.person_id).held if row.cohort_id == enquiry.cohort_id]
    has_current = any(row.state == State.VALID and rules.is_given_for(row.kind, own.earned) for row in held)
    waits = own.is_complete and not has_current
    now = clock.now()
    today = day_in(cohort_zones().get(enquiry.cohort_id, "UTC"), now)
    shows = {
        "lines": own.lines,
        "person": person,
        "held": [(row, seen_as(row.state, row.expires_on, today)) for row in held],
        "kinds": KIND_NAMES,
        "waits": waits,
        "shows_name": waits or not any(row.state == State.VALID for row in held),
        "appeals": [(one, now <= one.until) for one in _appeals(enquiry.person_id) if one.cohort_id == enquiry.cohort_id],
        "answer": queries.own(enquiry.person_id).answers.get(enquiry.cohort_id, Answer.NOT_ASKED),
        "cohort_id": enquiry.cohort_id,
    }
    return (HomePart(80, "certificate/path.html", {"certificate": shows}),)


def _standing(cohort_id: int, person_id: int) -> earning.Standing | None:
    """Say where a trainee stands: by the evidence that was kept, which costs no statement of its own; asked anew when none was."""
    kept = queries.own(person_id).evidence.get(cohort_id)
    if kept is not None:
        return earning.standing(evidence.read(kept))
    cohort = programmes.cohort(cohort_id)
    scheme = evidence.scheme_of(cohort) if cohort else None
    found = evidence.of_cohort(cohort, scheme).of(person_id) if cohort and scheme else None
    return found.standing if found else None


def tasks(enquiry: CohortTasks) -> tuple[NextThing, ...]:
    """Tell the coordinator that trainees wait for a decision, and appeals for an answer."""
    return (*_to_decide(enquiry.cohort_id), *_to_answer(enquiry.cohort_id))


def _to_answer(cohort_id: int) -> Iterator[NextThing]:
    waiting = appealing.open_in(cohort_id) if allowed("certificate:answer-appeals", cohort_contexts().get(cohort_id)) else 0
    cohort = programmes.cohort(cohort_id) if waiting else None
    if cohort is not None:
        heading = ngettext("{n} appeal waits for an answer", "{n} appeals wait for an answer", waiting)
        text = _("{country}: somebody answers who did not decide, teach or grade.", country=cohort.country_name.text())
        yield NextThing(heading, text, _("Look and answer"), url_for("certificate.appeals", cohort_id=cohort_id), None, 1)


def _to_decide(cohort_id: int) -> tuple[NextThing, ...]:
    if not allowed("certificate:decide", cohort_contexts().get(cohort_id)):
        return ()
    waiting = earned.count(cohort_id).waiting
    cohort = programmes.cohort(cohort_id) if waiting else None
    if cohort is None:
        return ()
    heading = ngettext(
        "{n} trainee waits for the decision on the certificate", "{n} trainees wait for the decision on their certificates", waiting
    )
    text = _("{country}: they have met every criterion.", country=cohort.country_name.text())
    return (NextThing(heading, text, _("Look and decide"), url_for("certificate.cohort", cohort_id=cohort_id), None, 1),)


def figures(enquiry: CohortFigures) -> tuple[Figure, ...]:
    """Say how many are certified, how long it took, and how many documents had to be made again."""
    cohort = programmes.cohort(enquiry.cohort_id)
    if cohort is None or evidence.scheme_of(cohort) is None:
        return ()
    issued = earned.issued_in(enquiry.cohort_id)
    href = url_for("certificate.cohort", cohort_id=enquiry.cohort_id)
    certified = {one.person_id for one in issued if one.kind in TOPS and one.state == State.VALID}
    target = Decimal(rules.wanted_certified(cohort.taken)) if cohort.taken else None
    note = _("Attendance and assessments met, of those who take part.")
    days, again = _("Days from decision to certificate, median"), _("Certificates made again")
    completion = _completion(cohort)
    return (
        Figure("completion", 65, "kpi", _("Completion"), completion, "percent", TARGET_COMPLETION, href=href, note=note),
        Figure("certified", 70, "funnel", _("Certified"), Decimal(len(certified)), "people", target, href=href),
        Figure("days-to-certificate", 70, "kpi", days, _days(issued), "days", TARGET_DAYS, target_is_maximum=True, href=href),
        Figure(
            "certificates-made-again", 71, "kpi", again, _reissued(issued), "percent", TARGET_REISSUED, target_is_maximum=True, href=href
        ),
    )


def _completion(cohort: Cohort) -> Decimal | None:
    """Give the share of trainees who met attendance and assessments, in per cent; None while nobody has and somebody still can."""
    found = earned.count(cohort.id)
    if not found.met and (found.open or not found.kept):
        return None
    return (Decimal(100) * found.met / cohort.taken).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _days(issued: Iterable[Issued]) -> Decimal | None:
    """Give the median of days from decision to issue, replacements left out; None when nothing was issued."""
    found = [rules.days_to_issue(one.decided_at, one.issued_at) for one in issued if one.replaces_id is None]
    return Decimal(str(median(found))) if found else None


def _reissued(issued: Iterable[Issued]) -> Decimal | None:
    """Give the share of documents that replaced another, in per cent of those issued first."""
    counted = list(issued)
    first = sum(one.replaces_id is None for one in counted)
    return (Decimal(100) * (len(counted) - first) / first).quantize(Decimal("0.01")) if first else None
