"""What is kept of a call, its applications, their evaluation, and the places."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.rules import ReviewState, State, Window


def one_of(column: str, values: Any) -> str:  # noqa: ANN401 (an enumeration's class)
    """Write the condition that a column holds one of the values of an enumeration."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Call(Base):
    """The call of one country's cohort. It is open when the clock says so; there is no switch."""

    __tablename__ = "online_call_call"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("suitable_from >= 0", name="least_score_is_not_negative"),
        CheckConstraint("gap > 0", name="gap_is_positive"),
        CheckConstraint("offer_days BETWEEN 1 AND 60", name="an_offer_has_days"),
        CheckConstraint("mend_days BETWEEN 1 AND 30", name="mending_has_days"),
        CheckConstraint("appeal_days BETWEEN 0 AND 30", name="appeals_have_days"),
        CheckConstraint("kept_days BETWEEN 60 AND 1825", name="what_is_kept_has_days"),
        CheckConstraint("private_days BETWEEN 0 AND 365", name="what_is_private_has_days"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False, unique=True)
    version: Mapped[int]
    """Goes up whenever the call is loaded anew; what is kept in the process is kept under it."""
    deeds: Mapped[int] = mapped_column(default=0, server_default="0")
    """Goes up with every deed that holds the call; what was found of its evaluations stays true as long as it stays."""
    title: Mapped[Words]
    heading: Mapped[Words]
    lede: Mapped[Words]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    checked_by: Mapped[date]
    """By this day every applicant knows whether the application is eligible."""
    ranked_by: Mapped[date]
    """By this day the places are offered."""
    reserve_until: Mapped[datetime]
    """The last moment at which somebody is called up from the reserve list."""
    contact: Mapped[str]
    seed: Mapped[str]
    """Announced with the call; the draw among equals starts from it."""
    chain: Mapped[list[Any]]
    """What separates equal totals: criterion codes, "submitted", "draw"."""
    quotas: Mapped[list[Any]]
    """Reserved seats and limits, as ranking.terms.Quota.stored gives them."""
    form: Mapped[list[Any]]
    """The sections of the form, as questions.Section.stored gives them."""
    eligibility: Mapped[list[Any]]
    """The rules, as eligibility.Rule.stored gives them."""
    prepare: Mapped[list[Any]]
    """What to prepare, each in several languages."""
    annexes: Mapped[list[Any]] = mapped_column(server_default="[]")
    """Each with code, title and text, the latter two in several languages."""
    privacy: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """What the privacy notice says of its own, as announcing.documents.edition reads it."""
    suitable_from: Mapped[Decimal]
    """Applications with fewer points are not put on the reserve list."""
    gap: Mapped[Decimal]
    """A third person evaluates when two totals are more points apart than this."""
    offer_days: Mapped[int]
    offer_until: Mapped[str]
    """Clock time of the country at which offers lapse, HH:MM."""
    remind_hours: Mapped[int]
    """A reminder goes out so many hours before an offer lapses."""
    mend_days: Mapped[int] = mapped_column(server_default="5")
    """An applicant may mend what was asked for so many days, until the clock time of *offer_until*."""
    draft_remind_hours: Mapped[int] = mapped_column(server_default="48")
    """Whoever wants it is reminded of a draft so many hours before the call closes."""
    explains_extremes: Mapped[bool] = mapped_column(server_default=false())
    """Whoever gives the least or the most that a criterion can bring says why."""
    phases: Mapped[list[Any]] = mapped_column(server_default="[]")
    """Who sees what while applications are evaluated, as seeing.phases.JudgingPhase.stored gives it; empty: as ever."""
    appeal_days: Mapped[int] = mapped_column(server_default="0")
    """Working days of the country in which one may appeal against the provisional list; 0 means that there is none."""
    public_until: Mapped[date | None]
    """The last day on which the public list is shown; None for a year after it was published."""
    kept_days: Mapped[int] = mapped_column(server_default="365")
    """What those without a place wrote is deleted so many days after the final list."""
    private_days: Mapped[int] = mapped_column(server_default="30")
    """What those who took part wrote to the coordinator alone is deleted so many days after the course."""

    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)

    @property
    def window(self) -> Window:
        """When it takes applications."""
        return Window(self.opens_at, self.closes_at, self.cohort.zone)


class Register(Base):
    """The counter from which a country's protocol numbers are taken, one after the other, without a gap."""

    __tablename__ = "online_call_register"
    __table_args__ = (CheckConstraint("last >= 0", name="counts_from_nought"),)

    country: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class Criterion(Base):
    """Something that an application is judged by, and the points it can bring."""

    __tablename__ = "online_call_criterion"
    __table_args__ = (
        UniqueConstraint("call_id", "code"),
        UniqueConstraint("call_id", "position"),
        CheckConstraint("weight > 0", name="weight_is_positive"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = ref("online_call_call.id", ondelete="CASCADE")
    position: Mapped[int]
    code: Mapped[str]
    title: Mapped[Words]
    about: Mapped[Words]
    weight: Mapped[int]
    levels: Mapped[list[Any]] = mapped_column(server_default="[]")
    """What alone can be given, as marking.scales.Level.stored gives it; empty: any number of points up to the weight."""
    counts: Mapped[bool] = mapped_column(server_default=true())
    """False: shown to the committee beside the total, and in no ranking."""


class Application(Base):
    """One person's request for a place in one call."""

    __tablename__ = "online_call_application"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id"),
        CheckConstraint(one_of("state", State), name="state_is_known"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="only_a_draft_has_no_time"),
        CheckConstraint("(submitted_at IS NULL) = (protocol_number IS NULL)", name="the_number_comes_with_the_time"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="only_a_withdrawn_one_was_withdrawn"),
        CheckConstraint("state NOT IN ('eligible', 'not_eligible') OR decided_at IS NOT NULL", name="a_decision_has_a_time"),
        CheckConstraint("notice_version IS NULL OR submitted_at IS NOT NULL", name="a_draft_is_under_no_version"),
        Index("ix_online_call_application_list", "call_id", "state", "submitted_at"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = ref("online_call_call.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    state: Mapped[str]
    answers: Mapped[dict[str, Any]]
    """By question code; fixed once submitted, but for what the coordinator lets be mended."""
    administration: Mapped[str] = mapped_column(default="")
    """The employer, as answered; empty in a draft."""
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    protocol_number: Mapped[str | None] = mapped_column(unique=True)
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(default="")
    """What the coordinator wrote about the decision; the applicant reads it."""
    withdrawn_at: Mapped[datetime | None]
    notice_version: Mapped[int | None]
    """The number of the version of the notice under which it was submitted; None in a draft."""

    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that a place is asked for in."""
        return self.call.cohort_id


class Attachment(Base):
    """A file that answers a question."""

    __tablename__ = "online_call_attachment"
    __table_args__ = (UniqueConstraint("application_id", "question"),)

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    question: Mapped[str]
    file_id: Mapped[int] = ref("kernel_file.id")
    name: Mapped[str]
    size: Mapped[int]
    """Bytes."""
    attached_at: Mapped[datetime]


class Outcome(Base):
    """What one rule of eligibility found in one application, with its reason as it read then."""

    __tablename__ = "online_call_outcome"
    __table_args__ = (
        UniqueConstraint("application_id", "rule"),
        CheckConstraint(one_of("finding", Finding), name="finding_is_known"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    rule: Mapped[str]
    finding: Mapped[str]
    title: Mapped[Words]
    reason: Mapped[Words]


class Review(Base):
    """One evaluator's evaluation of one application."""

    __tablename__ = "online_call_review"
    __table_args__ = (
        UniqueConstraint("application_id", "evaluator_id"),
        CheckConstraint(one_of("state", ReviewState), name="state_is_known"),
        CheckConstraint("turn BETWEEN 1 AND 3", name="three_turns_at_most"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="only_a_done_one_has_a_time"),
        CheckConstraint("(state = 'done') = (total IS NOT NULL)", name="only_a_done_one_has_a_total"),
        Index(
            "uq_online_call_review_turn",
            "application_id",
            "turn",
            unique=True,
            sqlite_where=text("state NOT IN ('conflict', 'abstained')"),
            postgresql_where=text("state NOT IN ('conflict', 'abstained')"),
        ),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False)
    evaluator_id: Mapped[int] = ref("people_person.id")
    turn: Mapped[int]
    """1 and 2 for everybody; 3 when these are too far apart."""
    state: Mapped[str]
    comment: Mapped[str]
    """For the committee; of a conflict, what it is; of an abstention, why."""
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    total: Mapped[Decimal | None]

    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that is being selected."""
        return self.application.cohort_id


class Mark(Base):
    """The points that one evaluator gives for one criterion."""

    __tablename__ = "online_call_mark"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion_id"),
        CheckConstraint("points >= 0 AND points <= most", name="points_are_within_the_weight"),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = ref("online_call_review.id", index=False, ondelete="CASCADE")
    criterion_id: Mapped[int] = ref("online_call_criterion.id")
    points: Mapped[Decimal]
    most: Mapped[int]
    """The weight of the criterion, so that the table itself can refuse more."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why the least or the most was given; for the committee."""
