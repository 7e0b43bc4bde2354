"""What is kept of a publication; it is stored once and never touched again."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column, relationship

from inspire_lms.kernel.audit import Untouchable
from inspire_lms.kernel.db import Base, Id, ref
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.publishing.rules import Kind
from inspire_lms.plugins.online_call.publishing.snapshot import Head

_ONCE = text("kind <> 'corrected'")


class Publication(Base):
    """One list that was published: provisional, final, or a final one that replaces the one before."""

    __tablename__ = "online_call_publication"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("number >= 1", name="publications_are_numbered_from_one"),
        CheckConstraint("kind IN ('provisional', 'final', 'corrected')", name="kind_is_known"),
        CheckConstraint("(kind = 'provisional') = (appeal_until IS NOT NULL)", name="only_a_provisional_one_waits"),
        CheckConstraint("(number = 1) = (follows = '')", name="each_follows_the_one_before"),
        CheckConstraint("(kind = 'corrected') = (reason <> '')", name="a_correction_has_a_reason"),
        Index("uq_online_call_publication_kind", "call_id", "kind", unique=True, sqlite_where=_ONCE, postgresql_where=_ONCE),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = ref("online_call_call.id", index=False)
    number: Mapped[int]
    """From 1 in each call; it replaces the one with the number before."""
    kind: Mapped[str]
    published_at: Mapped[datetime]
    appeal_until: Mapped[datetime | None]
    reason: Mapped[str]
    """Why a final list was corrected; empty otherwise."""
    follows: Mapped[str]
    """The fingerprint of the publication before."""
    digest: Mapped[str]
    """Of everything here; see publishing.snapshot.digest."""
    terms: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """What the list was found by, as ranking.terms.Terms.stored gives it."""
    lines: Mapped[list[Any]] = mapped_column(deferred=True)
    """The list, as publishing.snapshot.stored gives each line: by application code, with points, and no name."""
    minutes: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """What the minutes state beside it, as minutes.recorded.of gives it: members by the number of their account."""

    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that is being selected."""
        return self.call.cohort_id

    @property
    def head(self) -> Head:
        """What it says beside the list."""
        return Head(self.number, Kind(self.kind), self.published_at, self.appeal_until, self.reason, self.follows)


@event.listens_for(Publication, "before_update")
@event.listens_for(Publication, "before_delete")
def _refuse_one(_mapper: Mapper[Publication], _connection: Connection, publication: Publication) -> None:
    msg = f"Publication {publication.number} of call {publication.call_id} cannot be changed or removed: publish another one."
    raise Untouchable(msg)


@event.listens_for(Session, "do_orm_execute")
def _refuse_many(state: ORMExecuteState) -> None:
    table = getattr(state.statement, "table", None)
    if (state.is_update or state.is_delete) and table is not None and table.name == Publication.__tablename__:
        msg = "Publications cannot be changed or removed: publish others."
        raise Untouchable(msg)
