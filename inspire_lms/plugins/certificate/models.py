"""What a certificate rests on, who decided, what was issued, and why one is not valid any more."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.plugins.certificate.earning.rules import Completion
from inspire_lms.plugins.certificate.rules import CURRENT, TOPS, AppealState, Kind, Level, State

_KINDS = ", ".join(f"'{one}'" for one in Kind)
_TOPS = ", ".join(f"'{one}'" for one in TOPS)
_LEVELS = ", ".join(f"'{one}'" for one in Level)
_ANSWERS = ", ".join(f"'{one}'" for one in AppealState)
_COMPLETIONS = ", ".join(f"'{one}'" for one in Completion)
_STATES = ", ".join(f"'{one}'" for one in State)
_IS_CURRENT = "state IN ({})".format(", ".join(f"'{one}'" for one in CURRENT))


def _one(name: str, *columns: str, where: str) -> Index:
    """Let there be at most one row with the same *columns* among those *where* a condition holds."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Scheme(Base):
    """What the certificates of one edition say in one country, and what has to be met; from the edition file."""

    __tablename__ = "certificate_scheme"
    __table_args__ = (
        UniqueConstraint("edition_id", "country"),
        CheckConstraint("length(country) = 2", name="a_country_has_two_letters"),
        CheckConstraint("number_prefix <> ''", name="numbers_have_a_prefix"),
        CheckConstraint("competence_percent BETWEEN 1 AND 100", name="a_competence_asks_for_a_percentage"),
        CheckConstraint(f"top IN ({_TOPS})", name="who_has_met_all_gets_a_document"),
        CheckConstraint("validity_months BETWEEN 1 AND 600", name="validity_is_counted_in_months"),
        CheckConstraint("appeal_days BETWEEN 1 AND 365", name="an_appeal_has_its_days"),
    )

    id: Mapped[Id]
    edition_id: Mapped[int] = ref("programmes_edition.id", index=False)
    country: Mapped[str]
    number_prefix: Mapped[str]
    version: Mapped[str]
    requires: Mapped[list[Any]]
    """attendance, survey, competences, and the codes of assessments."""
    core_competences: Mapped[list[Any]] = mapped_column(server_default="[]")
    """The codes of the competences each of which has to be reached; empty: all of the framework that were assessed."""
    competence_percent: Mapped[int | None]
    """The least result in each of them, in per cent; None unless the scheme requires competences."""
    top: Mapped[str] = mapped_column(server_default=Kind.COMPETENCE.value)
    """What is given to whoever has met everything: competence, or certification by a body that may certify persons."""
    validity_months: Mapped[int | None]
    """How long a certificate lasts; None: without an end."""
    appeal_days: Mapped[int] = mapped_column(server_default="15")
    """Days in which a decision can be appealed against."""
    competence_title: Mapped[Words]
    attendance_title: Mapped[Words]
    certification_title: Mapped[Words] = mapped_column(server_default="{}")
    """Empty unless the body certifies persons."""
    body: Mapped[Words]
    accreditation: Mapped[Words]
    """Empty where the body has none."""
    partners: Mapped[list[Any]]
    mode: Mapped[Words]
    assessment: Mapped[Words]
    identity: Mapped[Words]
    grading: Mapped[Words]
    prerequisites: Mapped[Words]
    quality: Mapped[Words]
    eqf: Mapped[Words]
    place: Mapped[Words]
    signatory: Mapped[str]
    signatory_function: Mapped[Words]


class Standing(Base):
    """Where a trainee stands, kept up to date whenever a register closes, a test is graded or a survey answered."""

    __tablename__ = "certificate_standing"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("earned IS NULL OR earned IN ('competence', 'attendance')", name="what_is_earned_is_a_document"),
        CheckConstraint("met BETWEEN 0 AND demanded", name="no_more_is_met_than_is_demanded"),
        CheckConstraint(f"completion IN ({_COMPLETIONS})", name="completion_is_known"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    earned: Mapped[str | None]
    """competence when all is met, whatever document the scheme gives for it; attendance; None when nothing is."""
    met: Mapped[int]
    demanded: Mapped[int]
    completion: Mapped[str] = mapped_column(server_default="open")
    """Met, missed or open: whether the course is completed, which the figures of the cohort count."""
    evidence: Mapped[dict[str, Any]]
    """What it was found from (earning/evidence.py): the trainee's page shows it without asking everybody again."""
    looked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the trainee was told that all is met; nobody is told twice."""


class Batch(Base):
    """One decision about several trainees, with its minutes."""

    __tablename__ = "certificate_batch"
    __table_args__ = (CheckConstraint("minutes <> ''", name="a_decision_has_minutes"),)

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id")
    decided_by_id: Mapped[int] = ref("people_person.id")
    decided_at: Mapped[datetime]
    minutes: Mapped[str]
    slices: Mapped[int] = mapped_column(default=0)
    """How many slices of the issuing have run; it makes the key of the next one."""


class Series(Base):
    """The last number given in one series, such as INSPIREPA-IT-2027."""

    __tablename__ = "certificate_series"
    __table_args__ = (UniqueConstraint("name"), CheckConstraint("last >= 1", name="numbers_count_from_one"))

    id: Mapped[Id]
    name: Mapped[str]
    last: Mapped[int]


class Certificate(Base):
    """One document for one person. Its record and, once issued, its file never change."""

    __tablename__ = "certificate_certificate"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("code"),
        UniqueConstraint("short_code"),
        UniqueConstraint("digest"),
        UniqueConstraint("replaces_id"),
        CheckConstraint(f"kind IN ({_KINDS})", name="a_certificate_has_a_kind"),
        CheckConstraint(f"state IN ({_STATES})", name="a_certificate_has_a_state"),
        CheckConstraint("(state = 'decided') = (issued_at IS NULL)", name="what_is_issued_has_a_time"),
        CheckConstraint("(issued_at IS NULL) = (digest IS NULL)", name="what_is_issued_has_a_digest"),
        CheckConstraint("replaces_id IS NULL OR replaces_id <> id", name="none_replaces_itself"),
        CheckConstraint("expires_on IS NULL OR expires_on > issued_on", name="it_ends_after_it_began"),
        CheckConstraint(f"level IN ({_LEVELS})", name="a_seal_has_a_level"),
        _one("uq_certificate_certificate_current", "cohort_id", "person_id", "kind", where=f"{_IS_CURRENT} AND expires_on IS NULL"),
        # One that ends is renewed while it is valid; two decisions on one day give the same end, and the second is refused.
        _one("uq_certificate_certificate_current_until", "cohort_id", "person_id", "kind", "expires_on", where=_IS_CURRENT),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = ref("certificate_batch.id")
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    kind: Mapped[str]
    state: Mapped[str]
    number: Mapped[str]
    code: Mapped[str]
    """The secret of the link: 128 random bits."""
    short_code: Mapped[str]
    name: Mapped[str]
    """As it is printed."""
    family_name: Mapped[str]
    """Folded; what a visitor with the short code has to know."""
    issued_on: Mapped[date]
    """The day that is printed."""
    issued_at: Mapped[datetime | None]
    record: Mapped[dict[str, Any]]
    """Every printed value (drawing/record.py)."""
    layout: Mapped[str]
    """Version of the layout."""
    file_id: Mapped[int | None] = ref("kernel_file.id")
    """None before it is issued, and after the holder's account was erased."""
    digest: Mapped[str | None]
    """SHA-256 of the file, in hexadecimal."""
    covered: Mapped[str | None] = mapped_column(index=True)
    """SHA-256 of what the seal covers."""
    level: Mapped[str] = mapped_column(server_default=Level.B_B.value)
    """PAdES baseline of the file: with a time stamp of a third party or without."""
    expires_on: Mapped[date | None]
    """The last day on which it is valid, as printed; None: without an end."""
    credential: Mapped[str | None]
    """The digital credential that is attached to the file; None before it is issued, and after the account was erased."""
    replaces_id: Mapped[int | None] = ref("certificate_certificate.id", index=False)
    revocation: Mapped["Revocation | None"] = relationship(back_populates="certificate")
    batch: Mapped[Batch] = relationship()


class Revocation(Base):
    """Why a certificate is not valid any more: revoked, which can be appealed against, or replaced by another, which cannot."""

    __tablename__ = "certificate_revocation"
    __table_args__ = (UniqueConstraint("certificate_id"), CheckConstraint("reason <> ''", name="a_revocation_has_a_reason"))

    id: Mapped[Id]
    certificate_id: Mapped[int] = ref("certificate_certificate.id", index=False)
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("people_person.id")
    reason: Mapped[str]
    """Shown to whoever checks the certificate and has it, not to who has its number alone."""
    appeal_until: Mapped[datetime | None]
    certificate: Mapped[Certificate] = relationship(back_populates="revocation")


class Prolonged(Base):
    """A later form of an issued file: a time stamp was added, so that its seal can be checked for longer. Nothing else differs."""

    __tablename__ = "certificate_prolonged"
    __table_args__ = (
        UniqueConstraint("digest"),
        UniqueConstraint("certificate_id", "level", "made_at"),
        CheckConstraint(f"level IN ({_LEVELS})", name="a_form_has_a_level"),
    )

    id: Mapped[Id]
    certificate_id: Mapped[int] = ref("certificate_certificate.id", index=False)
    level: Mapped[str]
    file_id: Mapped[int | None] = ref("kernel_file.id")
    """None after the holder's account was erased, and after a later form took its place."""
    digest: Mapped[str]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """Until when its last time stamp can be checked; None where nothing says."""


class NameConfirmation(Base):
    """A trainee was asked whether the name is right that will be printed, and has answered or not."""

    __tablename__ = "certificate_name_confirmation"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("(confirmed_at IS NULL) = (name IS NULL)", name="an_answer_is_a_name"),
        CheckConstraint("(name IS NULL) = (latin_name IS NULL)", name="both_forms_or_none"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    name: Mapped[str | None]
    """As it was shown and confirmed; a later change of the account makes the confirmation stale."""
    latin_name: Mapped[str | None]


class Refusal(Base):
    """A decision that gave one trainee less than the whole, and what it rested on."""

    __tablename__ = "certificate_refusal"
    __table_args__ = (UniqueConstraint("batch_id", "person_id"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = ref("certificate_batch.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    evidence: Mapped[dict[str, Any]]
    """What was on record on that day (earning/evidence.py)."""
    appeal_until: Mapped[datetime]


class Appeal(Base):
    """A trainee's appeal against a decision or a revocation, and the answer of somebody else than who decided."""

    __tablename__ = "certificate_appeal"
    __table_args__ = (
        UniqueConstraint("refusal_id"),
        UniqueConstraint("revocation_id"),
        CheckConstraint("(refusal_id IS NULL) <> (revocation_id IS NULL)", name="an_appeal_is_against_one_thing"),
        CheckConstraint("grounds <> ''", name="an_appeal_has_grounds"),
        CheckConstraint(f"state IN ({_ANSWERS})", name="an_appeal_has_a_state"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="what_is_answered_has_a_time"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="an_answer_has_somebody_who_gave_it"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="an_answer_has_words"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id")
    person_id: Mapped[int] = ref("people_person.id")
    refusal_id: Mapped[int | None] = ref("certificate_refusal.id", index=False)
    revocation_id: Mapped[int | None] = ref("certificate_revocation.id", index=False)
    made_at: Mapped[datetime]
    grounds: Mapped[str]
    state: Mapped[str]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = ref("people_person.id")
    answer: Mapped[str | None]


class ChecksOfDay(Base):
    """How often certificates were checked on one day, by which way and with which answer: nothing about who asked or about whom."""

    __tablename__ = "certificate_checks_of_day"
    __table_args__ = (UniqueConstraint("day", "way", "answer"), CheckConstraint("number >= 1", name="checks_are_counted_from_one"))

    id: Mapped[Id]
    day: Mapped[date]
    way: Mapped[str]
    answer: Mapped[str]
    number: Mapped[int]
