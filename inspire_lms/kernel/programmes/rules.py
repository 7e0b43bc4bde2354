"""Who may take part, how many, and what may still change when an edition is loaded again."""

import enum
from datetime import date

from inspire_lms.kernel.errors import Reason, counted


class State(enum.StrEnum):
    """Where somebody's taking part stands."""

    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"
    FINISHED = "finished"


HOLDS_A_SEAT = (State.ENROLLED, State.FINISHED)
"""Who withdraws gives the seat back; who finishes has used it."""


def why_not_enrol(state: State | None) -> Reason | None:
    """Say why a person in *state* cannot be enrolled (again); None for somebody new or somebody who withdrew."""
    if state is State.FINISHED:
        return Reason("This person has finished the course already.")
    return None


def why_full(seats: int) -> Reason:
    """Say that there is no seat left."""
    return counted("The only seat is taken.", "All {n} seats are taken.", n=seats)


def why_not_withdraw(state: State | None) -> Reason | None:
    """Say why a person in *state* cannot withdraw; somebody who withdrew before may do so again, to no effect."""
    if state is None:
        return Reason("This person does not take part in the course.")
    if state is State.FINISHED:
        return Reason("This person has finished the course already.")
    return None


def why_not_finish(state: State | None) -> Reason | None:
    """Say why a person in *state* cannot finish."""
    if state in {None, State.WITHDRAWN}:
        return Reason("This person does not take part in the course.")
    return None


def why_not_seats(seats: int, taken: int) -> Reason | None:
    """Say why a cohort cannot have *seats* seats."""
    if seats < taken:
        return counted("One seat is taken already; there cannot be fewer.", "{n} seats are taken already; there cannot be fewer.", n=taken)
    return None


def why_not_zone(before: str, after: str, taken: int) -> Reason | None:
    """Say why the zone of a cohort cannot change: people have been told times in it."""
    if before != after and taken:
        return Reason("People are enrolled and were told times in {zone}; the zone cannot change now.", zone=before)
    return None


def why_not_period(starts: date, ends: date) -> Reason | None:
    """Say why an edition cannot last from *starts* to *ends*, both included."""
    return Reason("The edition ends before it starts.") if ends < starts else None
