"""Who gets a seat, in the order of the ranking, when seats are reserved for groups or groups have a limit.

Three sentences say it, and the page of the call says them too. First the reserved seats go to the members of their groups, in order;
one person fills one reserved seat, so that two groups never count on the same person. Then the other seats go to whoever
comes next, members or not; among them are the reserved ones for which nobody was left. Nobody, not even for a reserved seat, is
taken beyond a limit: such a seat rather stays free.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inspire_lms.plugins.online_call.ranking.terms import Quota, code_of

Groups = tuple[str, ...]
"""The groups of one person."""


@dataclass
class Seating:
    """Who sits where, so far."""

    quotas: Mapping[str, Quota]
    """By code."""
    free: int
    """Seats that nobody has."""
    given: dict[int, str | None] = field(default_factory=dict)
    """Who got a seat, by place in the order from 0: the group whose reserved seat it is, None for one that is open to all."""
    stopped: dict[int, Groups] = field(default_factory=dict)
    """Who was passed over because of a limit: the groups that had reached theirs."""
    _in_group: Counter[str] = field(default_factory=Counter)
    _reserved: dict[str, list[tuple[int, Groups]]] = field(default_factory=dict)
    """Who sits on the reserved seats of a group: place and groups; a place below 0 sat there before."""

    def sits_already(self, groups: Groups) -> None:
        """Count somebody who has a seat already; it fills a reserved one if it can."""
        self._in_group.update(groups)
        self._move_in(-1, groups, set())
        self.free -= 1

    def full(self, groups: Groups) -> Groups:
        """Name the groups that are at their limit."""
        return tuple(group for group in groups if (most := self.quotas[code_of(group)].most) is not None and self._in_group[group] >= most)

    def reserve(self, waiting: Sequence[Groups]) -> None:
        """Fill the reserved seats in order, as many as can be filled at all."""
        hopeless: set[Groups] = set()
        for place, groups in enumerate(waiting):
            if self.free <= 0:
                break
            if groups in hopeless or self.full(groups):
                continue
            if self._move_in(place, groups, set()):
                self._in_group.update(groups)
                self.free -= 1
            else:
                hopeless.add(groups)
        self.given |= {place: group for group, those in self._reserved.items() for place, _groups in those if place >= 0}

    def fill(self, waiting: Sequence[Groups]) -> None:
        """Give the seats that are left in order."""
        for place, groups in enumerate(waiting):
            if self.free <= 0:
                break
            if place in self.given:
                continue
            if full := self.full(groups):
                self.stopped[place] = full
                continue
            self.given[place] = None
            self._in_group.update(groups)
            self.free -= 1

    def _move_in(self, place: int, groups: Groups, asked: set[str]) -> bool:
        """Give somebody a reserved seat if there is one; who sits there moves, if that makes room, to another of the own groups."""
        for group in groups:
            least = self.quotas[code_of(group)].least
            if least is None or group in asked:
                continue
            asked.add(group)
            those = self._reserved.setdefault(group, [])
            if len(those) < least:
                those.append((place, groups))
                return True
            for number, (other, others) in enumerate(those):
                if self._move_in(other, others, asked):
                    those[number] = (place, groups)
                    return True
        return False


def seated(waiting: Sequence[Groups], quotas: Sequence[Quota], *, seats: int, held: Sequence[Groups] = ()) -> Seating:
    """Give the seats to those *waiting*, in their order; *held* are the groups of those who have one already and keep it."""
    found = Seating({each.code: each for each in quotas}, seats)
    for groups in held:
        found.sits_already(groups)
    found.reserve(waiting)
    found.fill(waiting)
    return found


def moved_by(found: Seating, *, seats: int, waiting: int) -> dict[int, Groups]:
    """Say whom the quotas moved in or out, by place, and which groups did it; the first *seats* of those *waiting* would have been in.

    A reserved seat, or limits that stopped somebody above, move in. A limit, or the reserved seats given to others below, move out.
    """
    lifted = {place: found.given[place] for place in sorted(found.given) if place >= seats}
    reserved = _once(group for group in lifted.values() if group is not None)
    limits = _once(group for place in sorted(found.stopped) if place < seats for group in found.stopped[place])
    moved_in = {place: (group,) if group is not None else limits for place, group in lifted.items()}
    return moved_in | {place: found.stopped.get(place, reserved) for place in range(min(seats, waiting)) if place not in found.given}


def _once(groups: Iterable[str]) -> Groups:
    return tuple(dict.fromkeys(groups))
