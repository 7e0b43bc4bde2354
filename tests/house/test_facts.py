"""Facts and enquiries are frozen, plain, explained, survive being stored, and are told by somebody."""

import dataclasses
import importlib
import json
import pkgutil
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import inspire_lms.contracts
from inspire_lms.contracts import Enquiry, Fact
from inspire_lms.kernel import bus
from tests.house.tree import PACKAGE, ROOT, nothing

PLAIN = (int, str, bool, float, Decimal, datetime, date)
SAMPLES = {
    int: 7,
    str: "Țiriac",
    bool: True,
    float: 0.5,
    Decimal: Decimal("72.25"),
    datetime: datetime(2027, 1, 14, 9, 30, tzinfo=UTC),
    date: date(2027, 1, 14),
}


def contracts() -> list[type]:
    """List every fact and enquiry of contracts/."""
    found = []
    for each in pkgutil.iter_modules(inspire_lms.contracts.__path__):
        module = importlib.import_module(f"inspire_lms.contracts.{each.name}")
        found += [
            thing
            for thing in vars(module).values()
            if isinstance(thing, type) and issubclass(thing, Fact | Enquiry) and thing.__module__ == module.__name__
        ]
    return found


FACTS = [each for each in contracts() if issubclass(each, Fact)]


def is_plain(hint: object) -> bool:
    """Say whether a type may stand in a fact: a plain value, None, or tuples of these."""
    if hint in PLAIN or hint is type(None):
        return True
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is tuple:
        return all(inner is Ellipsis or is_plain(inner) for inner in typing.get_args(hint))
    return False


def complaints(kind: type) -> Iterator[str]:
    """Say what is wrong with a contract."""
    if not dataclasses.is_dataclass(kind) or not kind.__dataclass_params__.frozen:
        yield f"{kind.__name__} is not a frozen dataclass: what was said cannot be changed."
        return
    if not kind.__doc__ or kind.__doc__.startswith(f"{kind.__name__}("):
        yield f"{kind.__name__} does not say what it means: give it a docstring."
    for field, hint in typing.get_type_hints(kind).items():
        if not is_plain(hint):
            yield f"{kind.__name__}.{field} is {hint}: use numbers, words, moments, or tuples of these."


def sample(hint: object) -> object:
    """Make a value of a plain type."""
    if isinstance(hint, types.UnionType):
        return sample(next(inner for inner in typing.get_args(hint) if inner is not type(None)))
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)
        return (sample(inner[0]),) * 2 if inner[-1] is Ellipsis else tuple(sample(each) for each in inner)
    return SAMPLES[hint]


def stored_and_read(fact: Fact) -> Fact:
    """Send a fact through the outbox."""
    return bus.unpacked(type(fact), json.loads(json.dumps(bus.packed(fact))))


def told_by_nobody(names: list[str], package: Path, tests: Path) -> list[str]:
    """List facts that no code announces, or that no test speaks of."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py") if "contracts" not in path.parts)
    spoken = "\n".join(path.read_text(encoding="utf-8") for path in tests.rglob("*.py") if path.name != "test_facts.py")
    found = [f"Nobody announces {name}: take it away, or announce it where it happens." for name in names if f"{name}(" not in code]
    return found + [f"No test speaks of {name}: add one to the action that announces it." for name in names if name not in spoken]


@pytest.mark.parametrize("kind", contracts(), ids=lambda kind: kind.__name__)
def test_a_contract_is_frozen_plain_and_explained(kind):
    nothing(list(complaints(kind)))


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_a_fact_survives_being_stored(kind):
    fact = kind(**{field: sample(hint) for field, hint in typing.get_type_hints(kind).items()})
    assert stored_and_read(fact) == fact


def test_every_fact_is_announced_and_tested():
    nothing(told_by_nobody([each.__name__ for each in FACTS], PACKAGE, ROOT / "tests"))


def test_planted_contracts_are_caught():
    @dataclasses.dataclass
    class Loose(Fact):
        """Something has happened."""

        person_id: int

    @dataclasses.dataclass(frozen=True)
    class Silent(Fact):
        person_id: int

    @dataclasses.dataclass(frozen=True)
    class Rich(Fact):
        """Something has happened."""

        people: list[int]
        by_name: Mapping[str, int]

    assert "frozen" in next(complaints(Loose))
    assert "docstring" in next(complaints(Silent))
    assert [each.split(" ")[0] for each in complaints(Rich)] == ["Rich.people", "Rich.by_name"]


def test_a_planted_fact_that_nobody_tells_is_caught(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "tests").mkdir()
    assert len(told_by_nobody(["MoonRisen"], tmp_path / "package", tmp_path / "tests")) == 2
