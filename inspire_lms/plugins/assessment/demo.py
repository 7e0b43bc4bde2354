"""Sample data: the bank is imported, most do the pre-test, nearly all the final test and the essay."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.queries import Member
from inspire_lms.plugins.assessment.attempt import actions, queries
from inspire_lms.plugins.assessment.bank import actions as bank
from inspire_lms.plugins.assessment.bank.kept import contents
from inspire_lms.plugins.assessment.kinds import essay
from inspire_lms.plugins.assessment.kinds.answering import right, wrong
from inspire_lms.plugins.assessment.marking import actions as marking
from inspire_lms.plugins.assessment.marking import queries as marks
from inspire_lms.plugins.assessment.marking.progress import Sitting, sittings

LANGUAGES = {"en": "questions.gift", "it": "questions.it.gift", "el": "questions.el.gift", "ro": "questions.ro.gift"}
"""The sample bank by language."""
PRE_TEST, FINAL_TEST, ESSAY = "pre-test", "final-test", "essay"
STEP = timedelta(seconds=55)
"""How long a sample trainee thinks about one question."""


@dataclass(frozen=True)
class Way:
    """How one sample trainee fares."""

    before: float
    """Share of right answers in the pre-test."""
    after: tuple[float, ...]
    """The same in each attempt at the final test."""
    essay: str
    """good, fair or weak; empty when none is handed in."""


@dataclass(frozen=True)
class Going:
    """Who sits down when, and in which language."""

    member: Member
    at: datetime
    language: str


WEAK = Way(0.25, (0.35, 0.4), "weak")
"""One in each country does not pass."""


def teaching(demo: Any) -> None:  # noqa: ANN401 (the driver of the demo)
    """Import the bank in four languages, and let most do the pre-test."""
    edition = programmes.edition(demo.edition_id)
    if edition is None:
        return
    framework_id = edition.framework_id
    trainer = next(iter(demo.staff.values()))["trainer"]
    cohorts = demo.cohorts()
    opened = min(each.opens_at for cohort in cohorts.values() for each in sittings(cohort.id))
    for day, (language, name) in enumerate(LANGUAGES.items()):
        with demo.clock(opened - timedelta(days=12 - day)):
            bank.bring_in(framework_id, (demo.answers / name).read_bytes(), language=language, by=trainer)
    for country, cohort in sorted(cohorts.items()):
        sitting = _sitting(cohort.id, PRE_TEST)
        for place, (member, way) in enumerate(_ways(demo, country, cohort.id)):
            if place % 13 != 12:  # noqa: PLR2004 (one in thirteen forgets the pre-test)
                _take(demo, sitting, Going(member, _moment(demo, sitting, place), cohort.language), way.before)


def closing(demo: Any) -> None:  # noqa: ANN401
    """Let nearly all do the final test and the essay; the trainers mark all essays but one in each country."""
    for country, cohort in sorted(demo.cohorts().items()):
        language, cohort_id = cohort.language, cohort.id
        final, task = _sitting(cohort_id, FINAL_TEST), _sitting(cohort_id, ESSAY)
        for place, (member, way) in enumerate(_ways(demo, country, cohort_id)):
            at = _moment(demo, final, place)
            for share in way.after:
                _take(demo, final, Going(member, at, language), share)
                at += timedelta(days=1)
            if way.essay:
                _write(demo, task, Going(member, _moment(demo, task, place), language), way.essay)
        _mark(demo, country, cohort_id, task.closes_at + timedelta(days=2), leave=1)


def over(demo: Any) -> None:  # noqa: ANN401
    """Mark what was left."""
    for country, cohort in sorted(demo.cohorts().items()):
        _mark(demo, country, cohort.id, demo.now - timedelta(days=14), leave=0)


def _sitting(cohort_id: int, code: str) -> Sitting:
    return next(each for each in sittings(cohort_id) if each.code == code)


def _ways(demo: Any, country: str, cohort_id: int) -> list[tuple[Member, Way]]:  # noqa: ANN401
    """Choose how each trainee fares: by name, so that both stages choose alike; the ready account does well."""
    ready = {one.email for one in demo.people[country].applicants if one.is_ready_account}
    ways = []
    others = 0
    for member in programmes.members(cohort_id):
        chance = Random(f"{member.email} {country}")
        if member.email in ready:
            ways.append((member, Way(0.5, (0.92,), "good")))
            continue
        others += 1
        ways.append((member, WEAK if others == 7 else _way(chance, others)))  # noqa: PLR2004 (any of them)
    return ways


def _way(chance: Random, place: int) -> Way:
    before = chance.uniform(0.25, 0.55)
    last = chance.uniform(0.72, 0.97)
    after = (chance.uniform(0.4, 0.5), last) if place in (4, 11) else (last,)
    return Way(before, after, "" if place == 15 else chance.choice(("good", "good", "fair")))  # noqa: PLR2004 (one forgets the essay)


def _moment(demo: Any, sitting: Sitting, place: int) -> datetime:  # noqa: ANN401
    """Spread the trainees over the first days of the window, never later than the stage stands."""
    at = sitting.opens_at + timedelta(days=place % 7, hours=6 + place % 5, minutes=(place * 17) % 60)
    latest: datetime = min(sitting.closes_at, demo.now) - timedelta(days=2)
    return min(at, latest)


def _take(demo: Any, sitting: Sitting, going: Going, share: float) -> None:  # noqa: ANN401
    """Take a test: *share* of the questions are answered rightly."""
    at, person_id = going.at, going.member.person_id
    with transaction():
        with demo.clock(at):
            attempt_id = actions.start(sitting.window_id, person_id, seed=f"{demo.random.getrandbits(64):016x}")
        asked = queries.asked(attempt_id)
        right_ones = set(demo.random.sample(range(len(asked)), round(share * len(asked))))
        for place, each in enumerate(asked):
            kind, content = contents([each.digest])[each.digest]
            answer = right(kind, content, going.language) if place in right_ones else wrong(kind, content)
            with demo.clock(at + (place + 1) * STEP):
                actions.save(attempt_id, each.position, answer, by=person_id, device="demo")
        with demo.clock(at + (len(asked) + 1) * STEP):
            actions.submit(attempt_id)


def _write(demo: Any, task: Sitting, going: Going, quality: str) -> None:  # noqa: ANN401
    """Write the essay and hand it in."""
    texts = tomllib.loads((demo.answers / "essays.toml").read_text("utf-8"))["essay"]
    fitting = [each["text"].strip() for each in texts if each["language"] == going.language and each["quality"] == quality]
    if not fitting:
        return
    with transaction():
        with demo.clock(going.at):
            attempt_id = actions.start(task.window_id, going.member.person_id, seed=f"{demo.random.getrandbits(64):016x}")
        with demo.clock(going.at + timedelta(hours=2)):
            actions.save(attempt_id, 1, [demo.random.choice(fitting)], by=going.member.person_id, device="demo")
            actions.submit(attempt_id)


LEVELS = {"good": (3, 3, 2, 3), "fair": (2, 2, 2, 3), "weak": (1, 1, 0, 1)}
"""The levels that a sample marker chooses, by the quality of the text; the rubric of the sample has four criteria."""


def _mark(demo: Any, country: str, cohort_id: int, at: datetime, *, leave: int) -> None:  # noqa: ANN401
    texts = tomllib.loads((demo.answers / "essays.toml").read_text("utf-8"))["essay"]
    quality = {each["text"].strip(): each["quality"] for each in texts}
    comments = {(each["language"], each["quality"]): each["comment"] for each in texts}
    language = {each["text"].strip(): each["language"] for each in texts}
    waiting = marks.waiting([cohort_id])
    for place, each in enumerate(waiting[: len(waiting) - leave]):
        work = marks.work(each.id)
        if work is None:
            continue
        found = quality.get(work.text, "fair")
        chosen = LEVELS[found]
        levels = {one.code: min(chosen[at_], len(one.levels) - 1) for at_, one in enumerate(essay.criteria(work.content))}
        with demo.clock(min(at + timedelta(minutes=20 * place), demo.now - timedelta(hours=1))):
            trainer = demo.staff[country]["trainer" if place % 2 else "trainer2"]
            comment = comments.get((language.get(work.text, ""), found), "")
            marking.mark(each.id, levels=levels, comment=comment, by=trainer)
