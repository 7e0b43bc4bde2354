"""The sample people, and sentences from which their applications are put together."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from inspire_lms.kernel.people.names import fold, latin

SAMPLE = Path(__file__).parent
"""The folder of the sample material; plugins put theirs here or into a folder of their own."""


@dataclass(frozen=True)
class StaffMember:
    """Somebody who looks after a cohort."""

    role: str
    """coordinator, trainer, trainer2, evaluator1 or evaluator2."""
    email: str
    given_name: str
    family_name: str


@dataclass(frozen=True)
class Applicant:
    """Somebody who applies for a place."""

    email: str
    given_name: str
    family_name: str
    administration: str
    kind: str
    """Code of the kind of administration: municipality, region, ministry, service, other."""
    region: str
    position: str
    years: int
    """Of service in public administration."""
    lacks: str
    """Code of the rule of eligibility that is not met; empty when all are."""
    is_ready_account: bool
    """The trainee whose account the demonstration prints: applies well and is selected."""


@dataclass(frozen=True)
class SampleCountry:
    """The people of one country."""

    code: str
    language: str
    staff: tuple[StaffMember, ...]
    applicants: tuple[Applicant, ...]


@dataclass(frozen=True)
class SamplePeople:
    """Everybody in the sample, and the password of all accounts."""

    password: str
    administrator: StaffMember
    countries: Mapping[str, SampleCountry]


@lru_cache(maxsize=1)
def people() -> SamplePeople:
    """Read people.toml."""
    read = tomllib.loads((SAMPLE / "people.toml").read_text("utf-8"))
    countries = [_country(one) for one in read["country"]]
    administrator = StaffMember("administrator", **read["administrator"])
    return SamplePeople(read["password"], administrator, {one.code: one for one in countries})


def _country(read: Mapping[str, Any]) -> SampleCountry:
    code, language = read["code"], read["language"]
    staff = tuple(
        StaffMember(role, f"{role}.{code.lower()}@inspire.example", given_name=names[0], family_name=names[1])
        for role, names in read["staff"].items()
    )
    taken: set[str] = set()
    applicants = tuple(_applicant(one, code, language, number, taken) for number, one in enumerate(read["applicants"]))
    return SampleCountry(code, language, staff, applicants)


def _applicant(read: Mapping[str, Any], code: str, language: str, number: int, taken: set[str]) -> Applicant:
    email = f"trainee.{code.lower()}@inspire.example" if number == 0 else _address(read["given"], read["family"], language, taken)
    return Applicant(
        email=email,
        given_name=read["given"],
        family_name=read["family"],
        administration=read["administration"],
        kind=read["kind"],
        region=read["region"],
        position=read["position"],
        years=read["years"],
        lacks=read.get("lacks", ""),
        is_ready_account=number == 0,
    )


def _address(given: str, family: str, language: str, taken: set[str]) -> str:
    """Make an address of the name in Latin letters; namesakes get a number."""
    plain = ".".join(
        "".join(letter for letter in fold(latin(part, language)) if letter.isascii() and letter.isalpha()) for part in (given, family)
    )
    number = 1
    while (address := f"{plain}{number if number > 1 else ''}@inspire.example") in taken:
        number += 1
    taken.add(address)
    return address


@lru_cache(maxsize=8)
def sentences(language: str) -> Mapping[str, tuple[str, ...]]:
    """Read applications.<language>.toml: sentences for each open question of the application form, by its code."""
    read = tomllib.loads((SAMPLE / f"applications.{language}.toml").read_text("utf-8"))
    return {code: tuple(found) for code, found in read.items()}


def answers(code: str, language: str, random: Random, number: int) -> list[str]:
    """Put together *number* answers to the open question *code*, all different while there are enough sentences."""
    found = sentences(language)
    whole = [" ".join(parts) for parts in product(*(found[key] for key in (code, f"{code}-and") if key in found))]
    random.shuffle(whole)
    return [whole[each % len(whole)] for each in range(number)]
