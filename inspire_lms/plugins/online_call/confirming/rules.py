"""Whether what is to be done is still what somebody has seen."""

import hashlib
from typing import NamedTuple

from inspire_lms.kernel.errors import Reason, counted


class Seen(NamedTuple):
    """What stood on the page before it was confirmed: how many people, and a fingerprint of everybody and of what is done to each."""

    number: int
    seal: str


def sealed(number: int, *said: object) -> Seen:
    """Make the fingerprint of all that was *said*; plain values, in an order that stays the same."""
    return Seen(number, hashlib.sha256(repr(said).encode()).hexdigest()[:16])


def why_not(seen: Seen | None, now: Seen) -> Reason | None:
    """Say why it is not done: somebody has *seen* something else than it would be *now*. None is what nobody saw on a page: samples."""
    if seen is None or seen == now:
        return None
    if seen.number != now.number:
        return counted(
            "In the meantime the number has changed: it is {n} now. Nothing was done; look at it again.",
            "In the meantime the number has changed: they are {n} now. Nothing was done; look at it again.",
            n=now.number,
        )
    return Reason("In the meantime something of this has changed. Nothing was done; look at it again.")
