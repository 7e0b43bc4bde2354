"""The people of the journey, and what each of them does: taken from the sample people and the files in material/."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from inspire_lms.kernel.programmes.sample.material import Applicant, SampleCountry, people

MATERIAL = Path(__file__).parent / "material"
PASSWORD = "a long walk along the river"
COUNTRIES = ("IT", "GR", "RO")
ZONES = {"IT": ZoneInfo("Europe/Rome"), "GR": ZoneInfo("Europe/Athens"), "RO": ZoneInfo("Europe/Bucharest")}
NUMBER = {"IT": 1, "GR": 2, "RO": 3}
WITHDRAWS_EARLY = 26
"""The applicant of each country who withdraws before the evaluation."""
INELIGIBLE = {27: "authorisation", 28: "in-service", 29: "available"}
"""The applicants of each country who do not meet a rule; the signature on the authorisation is looked at by the coordinator."""
CRITERIA = ("relevance", "motivation", "experience", "transfer")


@dataclass(frozen=True)
class Marks:
    """What two evaluators give to one applicant."""

    first: dict[str, str]
    second: dict[str, str]


def country(code: str) -> SampleCountry:
    """Give the people of a country."""
    return people().countries[code]


def applicants(code: str) -> tuple[Applicant, ...]:
    """Give the thirty applicants of a country."""
    return country(code).applicants


def marks() -> dict[str, Marks]:
    """Give the marks of each applicant, by e-mail address."""
    found = {}
    with (MATERIAL / "marks.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            who = applicants(row["country"])[int(row["applicant"])]
            given = [{name: row[f"{name}_{turn}"] for name in CRITERIA} for turn in (1, 2)]
            found[who.email] = Marks(*given)
    return found


def total(of: Marks) -> float:
    """Add up both evaluations and halve: the score before any tie-break."""
    return sum(float(value) for side in (of.first, of.second) for value in side.values()) / 2


def at(code: str, text: str) -> datetime:
    """Turn a wall-clock time of a country into UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONES[code]).astimezone(UTC)


def a_pdf() -> bytes:
    """Make a page that says nothing: the authorisation of somebody's employer."""
    from pypdf import PdfWriter

    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


MINUTE = timedelta(minutes=1)
