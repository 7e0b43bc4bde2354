"""What an edition file says about marking: the levels of a criterion, and the word that corrects criteria after somebody has applied."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call.marking.scales import Level
from inspire_lms.plugins.online_call.questions import Texts

LEAST_LEVELS = 2


@dataclass(frozen=True)
class Correction:
    """That what a loading has shown of changed criteria is to be done, and why they change."""

    confirms: str
    """The word that the loading gave; it stands for exactly what was shown."""
    why: Texts
    """The evaluators read it."""


def correction(call: Table) -> Correction | None:
    """Read the confirmation of changed criteria; None without one."""
    if not call.has("correction"):
        return None
    table = call.table("correction")
    return Correction(table.text("confirms", most=40), table.words("why", most=600))


def levels(criterion: Table, weight: int) -> tuple[Level, ...]:
    """Read the labelled levels of a criterion; none when any number of points can be given."""
    tables = criterion.tables("level", least=LEAST_LEVELS) if criterion.has("level") else []
    found = tuple(_level(each, weight) for each in tables)
    for (lower, higher), table in zip(pairwise(found), tables[1:], strict=True) if found else ():
        if table.is_right("points") and higher.points <= lower.points:
            table.problem("points", Reason("Levels stand in the order of their points, each with more than the one before."))
    if found and tables[-1].is_right("points") and found[-1].points != weight:
        tables[-1].problem("points", Reason("The last level brings all the points of the criterion: {weight}.", weight=weight))
    return found


def _level(table: Table, weight: int) -> Level:
    points = table.decimal("points", most=Decimal(weight))
    if points != round(points, 1):
        table.problem("points", Reason("Points have at most one decimal."))
    return Level(points, table.words("title", most=120), table.words("about", most=400, default={}))
