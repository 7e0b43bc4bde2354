"""The only place that reads the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)
_arrived_at: ContextVar[datetime | None] = ContextVar("arrived_at", default=None)


def now() -> datetime:
    """Say what time it is: aware, UTC, to the microsecond."""
    return _frozen_at.get() or datetime.now(UTC)


def arrived() -> datetime:
    """Say when the request that is being answered had reached the server; outside of one it is now.

    Deadlines that people keep look at this moment: whoever was in time is, however long the request waited for its turn.
    """
    return _frozen_at.get() or _arrived_at.get() or now()


@contextmanager
def arriving(at: datetime) -> Iterator[None]:
    """Answer inside the block a request that has arrived at *at*, an aware moment."""
    token = _arrived_at.set(at)
    try:
        yield
    finally:
        _arrived_at.reset(token)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let the clock stand still at *at* inside the block, for tests and sample data.

    Raises ValueError when *at* is naive.
    """
    if at.tzinfo is None:
        msg = "The clock takes aware moments only."
        raise ValueError(msg)
    token = _frozen_at.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen_at.reset(token)


def aware(local: datetime, zone_: str) -> datetime:
    """Turn a wall-clock time in a zone into UTC.

    Raises ValueError with a Reason when the time does not exist or happens twice, at a change of clocks.
    """
    place = ZoneInfo(zone_)
    first, second = local.replace(tzinfo=place, fold=0), local.replace(tzinfo=place, fold=1)
    if first.utcoffset() != second.utcoffset():
        exists = first.astimezone(UTC).astimezone(place).replace(tzinfo=None) == local
        raise ValueError(
            Reason("This hour happens twice, because the clocks go back.")
            if exists
            else Reason("This hour does not exist, because the clocks go forward.")
        )
    return first.astimezone(UTC)
