"""What must hold of every notice: its versions are those that were published, one after the other."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.announcing import snapshot
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion


def unchanged() -> Iterator[str]:
    """Say which versions are not what was published, or do not follow each other."""
    found = session.scalars(select(NoticeVersion).order_by(NoticeVersion.call_id, NoticeVersion.number)).all()
    for call_id, versions in groupby(found, key=lambda one: one.call_id):
        before = ""
        for number, one in enumerate(versions, start=1):
            if one.number != number:
                yield f"call {call_id} has no version {number} of its notice"
                break
            if one.digest != snapshot.digest(before, number, one.published_at, one.reason, one.snapshot):
                yield f"version {number} of the notice of call {call_id} is not what was published"
            before = one.digest
