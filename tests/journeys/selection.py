"""Chapters one and two: the edition is loaded, staff are invited, people apply, are judged, and take their places."""

import io
from typing import Any

from flask import Flask

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.programmes.sample.material import SAMPLE, Applicant
from tests.journeys.cast import INELIGIBLE, MINUTE, PASSWORD, WITHDRAWS_EARLY, a_pdf, applicants, at, country, marks, total
from tests.journeys.visitor import Visitor, link_in

ADMINISTRATOR = "administrator@inspire.example"


def work_off() -> None:
    """Let the worker do what waits."""
    while jobs.run_due():
        pass


def load_the_edition(app: Flask) -> None:
    """An administrator loads the sample edition through the page, after a file with a mistake was refused whole."""
    visitor = Visitor(app).sign_in(ADMINISTRATOR, PASSWORD)
    text = (SAMPLE / "pilot.toml").read_text("utf-8")
    wrong = text.replace("seats = 20", "seets = 20", 1)
    visitor.open("/editions/load").submit(status=422, files={"file": (io.BytesIO(wrong.encode()), "pilot.toml")})
    visitor.says("seets")
    visitor.open("/editions").says("No edition")
    visitor.open("/editions/load").submit(files={"file": (io.BytesIO(text.encode()), "pilot.toml")})


def invite_staff(app: Flask, outbox: Any, code: str) -> None:
    """The administrator invites the coordinator, who invites trainers and evaluators; each chooses a password by the mailed link."""
    for member in country(code).staff:
        role = {"coordinator": "coordinator", "trainer": "trainer", "trainer2": "trainer"}.get(member.role, "evaluator")
        inviter = ADMINISTRATOR if role == "coordinator" else f"coordinator.{code.lower()}@inspire.example"
        page = Visitor(app).sign_in(inviter, PASSWORD).open("/people/invite")
        place = next(value for value, label in page.options("place") if label == {"IT": "Italy", "GR": "Greece", "RO": "Romania"}[code])
        names = {"given_name": member.given_name, "family_name": member.family_name}
        page.submit(email=member.email, language=country(code).language, role=role, place=place, **names)
        mail = [each for each in outbox if each.address == member.email][-1]
        Visitor(app).open(link_in(mail.text)).submit(password=PASSWORD)


def register(app: Flask, outbox: Any, who: Applicant, language: str) -> Visitor:
    """Somebody registers in the own language, reads the mail and confirms the address."""
    visitor = Visitor(app).open(f"/register?language={language}")
    visitor.submit(given_name=who.given_name, family_name=who.family_name, email=who.email, password=PASSWORD)
    mail = next(each for each in outbox if each.address == who.email)
    assert mail.language == language
    return visitor.open(link_in(mail.text)).submit(password=PASSWORD)


def answers(who: Applicant, lacks: str) -> dict[str, dict[str, str]]:
    """What an applicant writes, by section."""
    return {
        "work": {
            "administration": who.administration, "administration-type": who.kind, "region": who.region,
            "position": who.position, "years": str(0 if lacks == "in-service" else max(1, who.years)),
        },
        "conditions": {"employed": "yes", "available": "no" if lacks == "available" else "yes", "language-level": "yes", "equipment": "yes"},
        "motivation": {
            "tasks": f"{who.position}. <b>Ștefan, Γεώργιος, D'Angelo</b>", "challenge": f"=SUM(1;2) {who.region}",
            "background": "Țiriac & Παπαϊωάννου", "project": "Nicolò",
        },
    }  # fmt: skip


def apply(app: Flask, outbox: Any, code: str, number: int, *, late: bool = False) -> str:
    """Somebody applies: registers, writes section by section, attaches the authorisation, submits; gives the address of the application."""
    who, language = applicants(code)[number], country(code).language
    visitor = register(app, outbox, who, language)
    visitor.open(f"/online_call/{code.lower()}/apply").post("/apply")
    for section, given in answers(who, INELIGIBLE.get(number, "")).items():
        assert visitor.path.endswith(f"/write/{section}"), visitor.path + visitor.words
        visitor.submit(**given)
    visitor.submit(files={"authorisation": (io.BytesIO(a_pdf()), "autorizzazione.pdf")}, declaration="yes")
    if late:
        return visitor.path
    visitor.open(visitor.path.replace("/write/authorisation", "/check") if "/write/" in visitor.path else visitor.path)
    visitor.submit()
    path = visitor.path
    assert path.split("/")[-1].isdecimal(), path
    return path


def apply_in(app: Flask, outbox: Any, code: str) -> list[str]:
    """Thirty people apply a minute apart; one of them submits twice, one withdraws, one more comes a minute late."""
    paths = []
    for number in range(30):
        with clock.frozen(at(code, "2026-12-09T10:00:00") + number * MINUTE):
            paths.append(apply(app, outbox, code, number))
    return paths
