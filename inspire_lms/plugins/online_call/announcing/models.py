"""What is kept of a version of the notice."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.plugins.online_call.models import Call


class NoticeVersion(Base):
    """What the notice of a call said from one moment on, whole. It is written once and never changed."""

    __tablename__ = "online_call_notice_version"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
        CheckConstraint("length(digest) = 64", name="the_digest_is_whole"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = ref("online_call_call.id", index=False)
    number: Mapped[int]
    published_at: Mapped[datetime]
    snapshot: Mapped[dict[str, Any]]
    """All that an applicant reads or is judged by, as snapshot.taken gives it."""
    reason: Mapped[Words]
    """Why it was changed; empty in the first, and where it changed before the call opened."""
    digest: Mapped[str]
    """Over all of this and the digest of the version before; see snapshot.digest."""

    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that the call selects."""
        return self.call.cohort_id
