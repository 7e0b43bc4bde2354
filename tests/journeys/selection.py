"""Chapters one and two: the edition is loaded, staff are invited, people apply, are judged, and take their places."""

import io
from dataclasses import replace
from typing import Any

from flask import Flask

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.programmes.sample.material import SAMPLE, Applicant
from tests.journeys.cast import INELIGIBLE, MINUTE, PASSWORD, WITHDRAWS_EARLY, ZONES, a_pdf, applicants, at, country
from tests.journeys.visitor import Visitor, link_in

ADMINISTRATOR = "administrator@inspire.example"
CLOSES = {"IT": at("IT", "2026-12-11T12:00:00"), "GR": at("GR", "2026-12-11T14:00:00"), "RO": at("RO", "2026-12-14T23:59:00")}
LATECOMER = {
    code: replace(applicants(code)[5], email=f"late.{code.lower()}@inspire.example", given_name="Late", family_name="D'Angelo") for code in ("IT", "GR", "RO")
}
"""Somebody in each country who is not among the sample people."""


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


def apply(app: Flask, outbox: Any, code: str, number: int) -> str:
    """Somebody applies and submits; gives the address of the application."""
    visitor = write_draft(app, outbox, code, applicants(code)[number], INELIGIBLE.get(number, ""))
    visitor.submit()
    assert visitor.path.split("/")[-1].isdecimal(), visitor.path
    return visitor.path


def write_draft(app: Flask, outbox: Any, code: str, who: Applicant, lacks: str = "") -> Visitor:
    """Somebody registers and writes everything; the page on which the draft is looked over is open."""
    visitor = register(app, outbox, who, country(code).language)
    visitor.open(f"/online_call/{code.lower()}/apply").post("/apply")
    for section, given in answers(who, lacks).items():
        assert visitor.path.endswith(f"/write/{section}"), visitor.path + visitor.words
        visitor.submit(**given)
    visitor.submit(files={"authorisation": (io.BytesIO(a_pdf()), "autorizzazione.pdf")}, declaration="yes")
    assert visitor.path.endswith("/check"), visitor.path
    return visitor


def apply_in(app: Flask, outbox: Any, code: str) -> list[str]:
    """Thirty people apply a minute apart. One submits twice and gets the same receipt, one withdraws again."""
    paths = []
    for number in range(30):
        with clock.frozen(at(code, "2026-12-09T10:00:00") + number * MINUTE):
            paths.append(apply(app, outbox, code, number))
    with clock.frozen(at(code, "2026-12-09T12:00:00")):
        again = Visitor(app).sign_in(applicants(code)[1].email, PASSWORD)
        receipt = again.open(paths[1]).words
        again.client.post(f"{paths[1]}/check", follow_redirects=True)
        assert again.open(paths[1]).words == receipt, "submitted twice: one application, the same receipt"
        Visitor(app).sign_in(applicants(code)[WITHDRAWS_EARLY].email, PASSWORD).open(paths[WITHDRAWS_EARLY]).post("/withdraw")
        work_off()
    return paths


def come_too_late(app: Flask, outbox: Any, code: str) -> None:
    """Somebody finishes the draft in time and submits a minute late: refused with both times, the draft is kept."""
    who = LATECOMER[code]
    closes = CLOSES[code]
    with clock.frozen(closes - 30 * MINUTE):
        visitor = write_draft(app, outbox, code, who)
        check = f"/online_call/applications/{visitor.path.split('/')[3]}/check"
        visitor.open(check)
    with clock.frozen(closes + MINUTE):
        visitor.submit(status=409)
        visitor.says(f"{closes.astimezone(ZONES[code]):%H:%M}", f"{(closes + MINUTE).astimezone(ZONES[code]):%H:%M}")
        assert "D'Angelo" in visitor.open(check).words, "the draft is kept and can be read"
