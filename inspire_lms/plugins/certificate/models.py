"""What a certificate rests on, who decided, what was issued, and why one is not valid any more."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.plugins.certificate.rules import CURRENT, Completion, Kind, State

_KINDS = ", ".join(f"'{one}'" for one in Kind)
_COMPLETIONS = ", ".join(f"'{one}'" for one in Completion)
_STATES = ", ".join(f"'{one}'" for one in State)
_IS_CURRENT = text("state IN ({})".format(", ".join(f"'{one}'" for one in CURRENT)))


class Scheme(Base):
    """What the certificates of one edition say in one country, and what has to be met; from the edition file."""

    __tablename__ = "certificate_scheme"
    __table_args__ = (
        UniqueConstraint("edition_id", "country"),
        CheckConstraint("length(country) = 2", name="a_country_has_two_letters"),
        CheckConstraint("number_prefix <> ''", name="numbers_have_a_prefix"),
    )

    id: Mapped[Id]
    edition_id: Mapped[int] = ref("programmes_edition.id", index=False)
    country: Mapped[str]
    number_prefix: Mapped[str]
    version: Mapped[str]
    requires: Mapped[list[Any]]
    """attendance, survey, and the codes of assessments."""
    competence_title: Mapped[Words]
    attendance_title: Mapped[Words]
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
        CheckConstraint(f"earned IS NULL OR earned IN ({_KINDS})", name="what_is_earned_is_a_document"),
        CheckConstraint("met BETWEEN 0 AND demanded", name="no_more_is_met_than_is_demanded"),
        CheckConstraint(f"completion IN ({_COMPLETIONS})", name="completion_is_known"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    earned: Mapped[str | None]
    """The best document that was earned; None when nothing is."""
    met: Mapped[int]
    demanded: Mapped[int]
    completion: Mapped[str] = mapped_column(server_default="open")
    """Met, missed or open: whether the course is completed, which the figures of the cohort count."""
    evidence: Mapped[dict[str, Any]]
    """What it was found from (issuing/evidence.py): the trainee's page shows it without asking everybody again."""
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
        Index(
            "uq_certificate_certificate_current",
            "cohort_id",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
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
    replaces_id: Mapped[int | None] = ref("certificate_certificate.id", index=False)
    revocation: Mapped["Revocation | None"] = relationship(back_populates="certificate")
    batch: Mapped[Batch] = relationship()


class Revocation(Base):
    """Why a certificate is not valid any more: revoked, or replaced by another."""

    __tablename__ = "certificate_revocation"
    __table_args__ = (UniqueConstraint("certificate_id"), CheckConstraint("reason <> ''", name="a_revocation_has_a_reason"))

    id: Mapped[Id]
    certificate_id: Mapped[int] = ref("certificate_certificate.id", index=False)
    at: Mapped[datetime]
    by_id: Mapped[int] = ref("people_person.id")
    reason: Mapped[str]
    """Shown to whoever checks the certificate."""
    certificate: Mapped[Certificate] = relationship(back_populates="revocation")
