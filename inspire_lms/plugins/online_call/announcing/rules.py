"""What of a notice may change when, and what has to be said with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.plugins.online_call.rules import Phase, Window

SETTLED = frozenset({"seed", "chain", "quotas"})
"""Fields by which the order is found: once the call has closed one could choose them by who has applied."""


@dataclass(frozen=True)
class Standing:
    """Where the selection stands when the notice is changed."""

    window: Window
    """The window that was announced before."""
    held: int
    """Places that are offered or accepted."""
    is_published: bool
    """Whether the ranking is published."""


def why_not_change(changed: Collection[str], stands: Standing, window: Window, seats: int, *, at: datetime) -> Reason | None:
    """Say why a notice cannot be changed so at *at*: it would harm somebody who has relied on it. *window* and *seats* are the new ones."""
    phase = stands.window.phase(at)
    if phase is Phase.BEFORE:
        return None
    if window.opens_at > at:
        return Reason("The call opened on {moment}: it cannot open later.", moment=When(stands.window.opens_at, window.zone))
    if window.closes_at < stands.window.closes_at and window.closes_at <= at:
        return Reason("The call cannot close earlier than now: {moment} is over.", moment=When(window.closes_at, window.zone))
    if phase is Phase.CLOSED and SETTLED & set(changed):
        return Reason("The call has closed: the seed of the draw, the tie-break and the quotas are fixed.")
    if stands.is_published and window.closes_at > at:
        return Reason("The ranking is published: the call cannot be opened again.")
    if seats < stands.held:
        return Reason("Places that are offered or taken: {n}. There cannot be fewer places than these.", n=stands.held)
    return None


def why_not_unexplained(reason: Mapping[str, str], before: Mapping[str, str], stands: Standing, *, at: datetime) -> Reason | None:
    """Say why a change needs another reason than *reason*; *before* is that of the version before."""
    if stands.window.phase(at) is Phase.BEFORE:
        return None
    if not reason:
        return Reason("The call has opened: say in [call.change] why the notice changes, in the key “reason”.")
    if dict(reason) == dict(before):
        return Reason("The reason in [call.change] is that of the change before: say why the notice changes this time.")
    return None
