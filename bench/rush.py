"""The call with very many applicants: the pages of the committee and of the public beside a bare page; `make bench` prints it.

They may run the same statements for 5,000 applications as for 50, and cost three bare pages of the same size in the same run.
What is read is measured as a committee reads it, again and again between two deeds; what the first page after a deed costs, when
everything is put in order anew, is printed beside it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import bare
from measuring import Answer, Cost, Visitor, measured
from site_of import COUNTRY, Site, site
from sqlalchemy import update

from inspire_lms.kernel.db import Base, db, transaction
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.judging.queries import call as call_of
from inspire_lms.serving import settle

WANTED = 3
"""A page may cost so many bare pages of the same size."""
STAGES = {"open": ("call", datetime(2026, 11, 25, 10, tzinfo=UTC)), "closed": ("selection", datetime(2027, 1, 20, 10, tzinfo=UTC))}
LISTS = ("online_call_ranking", "online_call_publication")


def lines(folder: Path, address: Callable[[str], str], applicants: Sequence[int], rounds: int) -> Iterator[str]:
    """Measure an open call, a published list, and a selection that is ready to be published."""
    for name, (stage, at) in STAGES.items():
        found: dict[str, list[Cost]] = {}
        for number in applicants:
            made = f"rush-{name}-{number}"
            database = address(made)
            with site(folder / f"{made}-{database.partition(':')[0]}", database, stage, 0, at, applicants=number) as here:
                for what, cost in _measured(here, name, rounds):
                    found.setdefault(what, []).append(cost)
        yield from (_line(what, applicants, costs) for what, costs in found.items())


def _measured(here: Site, name: str, rounds: int) -> Iterator[tuple[str, Cost]]:
    bare.of_size(bare.made(), 0)
    settle()  # what the run has made before this site, such as the bare page and the sites before, is no part of a server
    coordinator, nobody = here.visitor(here.staff("coordinator")), here.visitor()
    room = f"/online_call/rooms/{here.cohort_id}"
    result = {"the list for the public": (nobody, f"/online_call/{COUNTRY.lower()}/result")} if name == "closed" else {}
    pages = {"applications": (coordinator, f"{room}/applications"), "public call": (nobody, f"/online_call/{COUNTRY.lower()}")}
    pages |= {f"room, {'open call' if name == 'open' else 'list published'}": (coordinator, room)} | result
    for what, (visitor, path) in pages.items():
        yield f"{what}, {name}" if what in {"applications", "public call"} else what, _cost(visitor, path, rounds)
    if name == "closed":
        _take_lists_away()
        yield "room, evaluated", _cost(coordinator, room, rounds)
        yield "room, evaluated, page 3", _cost(coordinator, f"{room}?page=3", rounds)
        yield "room, first after a deed", _cost(coordinator, room, rounds, before=lambda: _deed(here))


def _cost(visitor: Visitor, path: str, rounds: int, before: Callable[[], None] = lambda: None) -> Cost:
    def opened(_number: int) -> Answer:
        before()
        return visitor.get(path)

    return measured(opened, rounds, lambda answer: bare.of_size(bare.made(), len(answer.body)))


def _deed(here: Site) -> None:
    """Do what every deed of a selection does first."""
    found = call_of(here.cohort_id)
    assert found is not None
    with transaction():
        hold_call(found.id)


def _take_lists_away() -> None:
    """Make it a selection that is not published yet."""
    gone, tables = set(LISTS), Base.metadata.sorted_tables
    for table in tables:
        if any(key.column.table.name in gone for key in table.foreign_keys):
            gone.add(table.name)
    with db.engine.begin() as connection:
        for table in reversed(tables):
            if table.name in gone:
                connection.execute(table.delete())
        connection.execute(update(Cohort).values(seats=20, taken=0))
    settle()


def _line(what: str, applicants: Sequence[int], costs: Sequence[Cost]) -> str:
    ratios = [cost.milliseconds / cost.plain for cost in costs if cost.plain]
    statements = [cost.statements for cost in costs]
    is_wanted = not what.endswith("deed")
    good = len(set(statements)) == 1 and ratios[-1] <= WANTED
    failed = any(cost.status >= HTTPStatus.BAD_REQUEST for cost in costs)
    verdict = "FAILS" if failed else "for the reader" if not is_wanted else "ok" if good else "over"
    told = "; ".join(
        f"{number}: {cost.statements} SQL, {cost.milliseconds:.1f} ms, {cost.size} bytes, {ratio:.1f}"
        for number, cost, ratio in zip(applicants, costs, ratios, strict=True)
    )
    return f"{what:30}{told}; at most {WANTED} and the same SQL  {verdict}"
