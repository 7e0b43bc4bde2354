"""The driver of the demonstration: it loads the sample pilot so that today fits a stage, and lets every plugin play its part.

The same seed on the same day gives the same data: chance comes from the seed, time from a clock that stands still, and
everything is done by the plugins' own actions.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.people import actions as people
from inspire_lms.kernel.plugin import plugins
from inspire_lms.kernel.programmes import loading, queries
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.programmes.sample.material import SAMPLE, SampleCountry, StaffMember
from inspire_lms.kernel.programmes.sample.material import people as sample_people

STAGES = {
    "call": date(2026, 11, 23),
    "selection": date(2027, 1, 18),
    "teaching": date(2027, 3, 22),
    "closing": date(2027, 4, 26),
    "over": date(2027, 5, 24),
}
"""The Monday, in the dates of pilot.toml, of the week in which a demonstration of each stage stands.

call: all calls are open. selection: the places are taken. teaching: between the fifth webinar and the sixth, in all countries
and on every weekday. closing: after the eighth, the tests are graded, the survey is open. over: certificates are out.
"""
LOADED_BEFORE = timedelta(weeks=8)
"""How long before the week of the call the edition is loaded and the staff get their accounts."""
ROLES = {"coordinator": "coordinator", "trainer": "trainer", "trainer2": "trainer", "evaluator1": "evaluator", "evaluator2": "evaluator"}
"""From who somebody is in people.toml to the role that is granted."""
NOON = time(12)
JOBS_AT_ONCE = 500


@dataclass
class Demo:
    """What a plugin gets to play its part of one stage."""

    edition_id: int
    stage: str
    now: datetime
    """When this stage stands: what is later has not happened yet."""
    random: Random
    """Chance, with a seed of its own for each plugin and stage."""
    staff: dict[str, dict[str, int]]
    """Person ids by country and by role in people.toml: coordinator, trainer, trainer2, evaluator1, evaluator2."""
    administrator: int
    people: dict[str, SampleCountry]
    """Staff and applicants as people.toml has them, by country."""
    password: str
    answers: Path = SAMPLE
    """The folder of the sample material."""

    def clock(self, at: datetime) -> AbstractContextManager[None]:
        """Let the clock stand at *at*."""
        return clock.frozen(at)

    def work(self, at: datetime) -> None:
        """Do at *at* the work that is due then: mails and what plugins tell each other."""
        with clock.frozen(at):
            while jobs.run_due(JOBS_AT_ONCE):
                pass

    def cohorts(self) -> dict[str, Cohort]:
        """Give the cohorts by country."""
        return {cohort.country: cohort for cohort in queries.cohorts(self.edition_id)}


@dataclass(frozen=True)
class Account:
    """One ready account, to be printed."""

    email: str
    name: str
    role: str
    country: str
    """Empty for the administrator."""


def prepare(stage: str, seed: int, now: datetime, *, tell: Callable[[str], None] = lambda _line: None) -> int:
    """Fill an empty instance with the sample pilot as it stands at *now* in *stage*; gives the edition's number.

    *tell* gets a line of progress for each stage. Raises Refused when the sample is there already.
    """
    if queries.has_sample():
        raise Refused(Reason("The sample pilot is in this instance already."))
    weeks = shift(stage, now)
    names = list(STAGES)[: list(STAGES).index(stage) + 1]
    with clock.frozen(_standing("call", weeks, now) - LOADED_BEFORE):
        edition = loading.load((SAMPLE / "pilot.toml").read_text("utf-8"), by=None, shift_weeks=weeks)
        edition_id = edition.id
        administrator = _account(sample_people().administrator, "en")
        access.grant(administrator, "administrator", access.system(), by=None)
        staff = {cohort.country: _staff(cohort) for cohort in queries.cohorts(edition_id)}
    for name in names:
        tell(name)
        demo = Demo(
            edition_id=edition_id,
            stage=name,
            now=now if name == stage else _standing(name, weeks, now),
            random=Random(seed),
            staff=staff,
            administrator=administrator,
            people=dict(sample_people().countries),
            password=sample_people().password,
        )
        _play(demo, seed)
    return edition_id


def shift(stage: str, now: datetime) -> int:
    """Say by how many weeks the sample pilot is moved so that *now* falls into the week of *stage*."""
    return (now.date() - STAGES[stage]).days // 7


def _standing(stage: str, weeks: int, now: datetime) -> datetime:
    """Give the moment at which an earlier stage stood: noon of its Monday."""
    return datetime.combine(STAGES[stage] + timedelta(weeks=weeks), NOON, tzinfo=now.tzinfo)


def _play(demo: Demo, seed: int) -> None:
    """Let each plugin play the stage, then do the work that this has left, at the moment of the stage."""
    for plugin in plugins():
        if demo.stage in plugin.demo:
            demo.random = Random(f"{seed} {demo.stage} {plugin.name}")
            plugin.demo[demo.stage](demo)
            demo.work(demo.now)


def _staff(cohort: Cohort) -> dict[str, int]:
    country, context_id = sample_people().countries[cohort.country], cohort.context_id
    found = {one.role: _account(one, country.language) for one in country.staff}
    for name, person_id in found.items():
        access.grant(person_id, ROLES[name], context_id, by=None)
    return found


def _account(one: StaffMember, language: str) -> int:
    return people.ready(one.email, one.given_name, one.family_name, language=language, zone=None, password=sample_people().password).id


def ready_accounts() -> list[Account]:
    """List the accounts that a demonstration offers: the administrator, then staff and one trainee of each country."""
    all_people = sample_people()
    chief = all_people.administrator
    found = [Account(chief.email, f"{chief.given_name} {chief.family_name}", "administrator", "")]
    for country in all_people.countries.values():
        found += [Account(one.email, f"{one.given_name} {one.family_name}", ROLES[one.role], country.code) for one in country.staff]
        found += [
            Account(one.email, f"{one.given_name} {one.family_name}", "trainee", country.code)
            for one in country.applicants
            if one.is_ready_account
        ]
    return found
