"""What the coordinator's pages show: who is ready, who is not and why, the decisions, the register."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.i18n import _, on_day, show
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.tables import ROWS_A_PAGE, Cell, Column, Paged, Table
from inspire_lms.plugins.certificate import queries, rules
from inspire_lms.plugins.certificate.issuing import deciding, evidence
from inspire_lms.plugins.certificate.issuing.evidence import CohortEvidence, Trainee
from inspire_lms.plugins.certificate.rules import CRITERION_NAMES, KIND_NAMES, Kind, State

STATE_LOOKS: Mapping[str, tuple[str, Message]] = {
    State.DECIDED: ("wait", Message("Being issued")),
    State.VALID: ("ok", Message("Valid")),
    State.REPLACED: ("warn", Message("Replaced")),
    State.REVOKED: ("bad", Message("Revoked")),
}


@dataclass(frozen=True)
class Candidates:
    """Who can be decided about, for each kind, and who not."""

    competence: Mapping[str, str]
    """Name by person id, as the form has it."""
    attendance: Mapping[str, str]
    barred: tuple[tuple[str, Reason], ...]
    """Names and why this coordinator may not decide about them."""

    def never_revoked(self, revoked: Collection[tuple[int, str]]) -> list[str]:
        """Give those who are proposed for the certificate of competence: a revoked one is given again only on purpose."""
        return [person for person in self.competence if (int(person), Kind.COMPETENCE) not in revoked]


@dataclass(frozen=True)
class Overview:
    """Everything on the page of a cohort."""

    cohort: Cohort
    known: CohortEvidence
    current: Mapping[tuple[int, str], int]
    revoked: Mapping[tuple[int, str], int]
    ready: int
    """Who has met everything and was never given a certificate: one that was revoked is not asked for again by itself."""
    attended_only: int
    has_scheme: bool

    @property
    def members(self) -> int:
        """Count the trainees."""
        return len(self.known.trainees)

    @property
    def not_asked(self) -> str:
        """Name what the edition demands and nobody keeps, in words."""
        return ", ".join(show(CRITERION_NAMES[one]) if one in set(CRITERION_NAMES) else one for one in self.known.nobody_keeps)


def of(cohort: Cohort) -> Overview:
    """Look at a cohort: evidence and certificates."""
    scheme = evidence.scheme_of(cohort)
    known = evidence.of_cohort(cohort.id, tuple(scheme.requires)) if scheme else CohortEvidence((), ())
    current, revoked = queries.current_kinds(cohort.id), queries.revoked_kinds(cohort.id)
    held = {*current, *revoked}
    ready = [
        one for one in known.trainees if one.standing.earned is Kind.COMPETENCE and (one.member.person_id, Kind.COMPETENCE) not in held
    ]
    attended = [one for one in known.trainees if one.standing.earned is Kind.ATTENDANCE and not _holds(held, one)]
    return Overview(cohort, known, current, revoked, len(ready), len(attended), scheme is not None)


def candidates(cohort: Cohort, known: CohortEvidence, current: Mapping[tuple[int, str], int], *, by: int) -> Candidates:
    """Sort the trainees into those about whom *by* may decide, by document, and those about whom not."""
    trainers = deciding.trainers_of(cohort)
    chosen: dict[Kind, dict[str, str]] = {Kind.COMPETENCE: {}, Kind.ATTENDANCE: {}}
    barred = []
    for one in known.trainees:
        person_id, kind = one.member.person_id, one.standing.earned
        if kind is None or (person_id, kind) in current or (kind is Kind.ATTENDANCE and _holds(current, one)):
            continue
        reason = rules.why_not_decide(person_id, by=by, name=one.member.name, graders=one.graders, trainers=trainers)
        if reason:
            barred.append((one.member.name, reason))
        else:
            chosen[kind][str(person_id)] = one.member.name
    return Candidates(chosen[Kind.COMPETENCE], chosen[Kind.ATTENDANCE], tuple(barred))


def page_of_trainees(seen: Overview, asked: str) -> Paged:
    """Give one page of the trainees; what is no page of the list gives the nearest one."""
    pages = max(1, -(-seen.members // ROWS_A_PAGE))
    number = min(pages, max(1, int(asked) if asked.isascii() and asked.isdecimal() else 1))
    rows = seen.known.trainees[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    before, after = (f"?page={one}" if 1 <= one <= pages else None for one in (number - 1, number + 1))
    return Paged(rows, number, pages, seen.members, before, after)  # type: ignore[arg-type]  # trainees in place of rows


def trainees_table(seen: Overview, trainees: Sequence[Trainee]) -> Table:
    """Make the table of trainees: what is met, what is missing, which document they hold."""
    columns = (
        Column("name", Message("Name")),
        Column("stands", Message("Criteria")),
        Column("missing", Message("Missing")),
        Column("holds", Message("Certificate")),
        Column("preview", Message("Preview"), kind="plain"),
    )
    return Table(columns, [_row(seen, one) for one in trainees], empty=Message("Nobody is enrolled in this group yet."))


def _row(seen: Overview, one: Trainee) -> dict[str, Cell]:
    person_id, lines = one.member.person_id, one.standing.lines
    met = len(lines) - len(one.standing.missing)
    look = "ok" if one.standing.earned is Kind.COMPETENCE else "half" if met else "wait"
    missing = " ".join(f"{show(line.title)}: {show(line.how)}" for line in one.standing.missing)
    kind = one.standing.earned or Kind.ATTENDANCE
    return {
        "name": Cell(one.member.name),
        "stands": Cell(_("{met} of {all}", met=met, all=len(lines)).replace(" ", "\u00a0"), status=look),
        "missing": Cell(missing or _("Nothing")),
        "holds": _held(seen, one),
        "preview": Cell(
            _("Preview"),
            href=url_for("certificate.preview", cohort_id=seen.cohort.id, person_id=person_id, kind=kind),
            about=one.member.name,
        ),
    }


def _held(seen: Overview, one: Trainee) -> Cell:
    """Say which certificate a trainee holds, or held."""
    person_id = one.member.person_id
    for found, text, look in ((seen.current, Message("See it"), None), (seen.revoked, Message("Revoked"), "bad")):
        for kind in Kind:
            if (person_id, kind) in found:
                href = url_for("certificate.one", certificate_id=found[person_id, kind])
                return Cell(text, href=href, status=look, about=one.member.name)
    return Cell(_("None"))


def register_table(*, cohort_id: int | None = None, batch_id: int | None = None) -> Table:
    """Make the table of the register: the latest of a cohort, which the file has whole; all of a batch."""
    columns = (
        Column("number", Message("Number")),
        Column("name", Message("Name")),
        Column("kind", Message("Document")),
        Column("issued", Message("Date of issue"), kind="inl"),
        Column("state", Message("Status"), kind="inl"),
    )
    rows = [
        {
            "number": Cell(row.number, href=url_for("certificate.one", certificate_id=row.id)),
            "name": row.name,
            "kind": KIND_NAMES[row.kind],
            "issued": on_day(row.issued_on, style="short"),
            "state": Cell(STATE_LOOKS[row.state][1], status=STATE_LOOKS[row.state][0], note=row.reason),
        }
        for row in queries.register(cohort_id=cohort_id, batch_id=batch_id, latest=None if cohort_id is None else ROWS_A_PAGE)
    ]
    return Table(columns, rows, empty=Message("Nothing has been issued yet."))


def register_file(*, cohort_id: int | None = None, batch_id: int | None = None) -> Table:
    """Make the register as a file has it: plain columns, nothing left out."""
    names = ("number", "name", "kind", "state", "issued_on", "issued_at", "ended_at", "reason", "digest")
    titles = (
        Message("Number"), Message("Name"), Message("Document"), Message("Status"), Message("Date of issue"), Message("Issued at (UTC)"),
        Message("Not valid since (UTC)"), Message("Reason"), Message("SHA-256 of the file"),
    )  # fmt: skip
    rows = [{name: getattr(row, name) for name in names} for row in queries.register(cohort_id=cohort_id, batch_id=batch_id)]
    return Table(tuple(Column(name, title) for name, title in zip(names, titles, strict=True)), rows)


def proposed_minutes(cohort: Cohort, known: CohortEvidence, decider: str, *, by: int) -> str:
    """Propose the minutes of a decision: who, what was looked at, how many. Only who taught and graded nobody is said to have done so."""
    is_apart = by not in deciding.trainers_of(cohort) and not any(by in one.graders for one in known.trainees)
    values = {"day": on_day(deciding.today_in(cohort.zone)), "name": decider}
    asked_for = ", ".join(show(line.title) for one in known.trainees[:1] for line in one.standing.lines)
    earned = [one.standing.earned for one in known.trainees]
    lines = [
        _("Certification decision, {course}, {country}", course=cohort.edition.title.text(), country=cohort.country_name.text()),
        _("Date: {day}. Decided by: {name}, who has neither taught nor graded.", **values)
        if is_apart
        else _("Date: {day}. Decided by: {name}.", **values),
        _("Looked at: {criteria}.", criteria=asked_for),
        _("Members of the group: {n}.", n=len(earned)),
        _("All criteria met: {n}.", n=earned.count(Kind.COMPETENCE)),
        _("Attendance only: {n}.", n=earned.count(Kind.ATTENDANCE)),
        _("Criteria not met: {n}.", n=earned.count(None)),
    ]
    return "\n".join(lines)


def _holds(current: Collection[tuple[int, str]], one: Trainee) -> bool:
    return any((one.member.person_id, kind) in current for kind in Kind)
