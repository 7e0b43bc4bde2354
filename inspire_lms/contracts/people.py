"""What happens to persons."""

from dataclasses import dataclass

from inspire_lms.contracts import Fact


@dataclass(frozen=True)
class PersonErased(Fact):
    """A person's account was erased; whoever keeps something about that person removes or reduces it."""

    person_id: int


@dataclass(frozen=True)
class PeopleMerged(Fact):
    """Two accounts were one person: what pointed at *from_id* points at *to_id* from now on."""

    from_id: int
    to_id: int
