"""Chapters five to seven: the survey, the certificates, and where each country stands at the end."""

import csv
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography import x509
from flask import Flask

from inspire_lms.contracts.pages import CohortFigures
from inspire_lms.kernel import bus, clock
from tests.journeys.cast import MATERIAL, NUMBER, PASSWORD, applicants, at
from tests.journeys.judging import coordinator
from tests.journeys.selection import work_off
from tests.journeys.visitor import Visitor
from tests.judges.text import plain
from tests.plugins.certificate.gate import seals

NO_SURVEY = {"IT": {12, 16}, "GR": {12, 16, 17}, "RO": {11, 12, 16, 17}}
"""Places in the list of the enrolled that do not answer."""
NOT_CERTIFIED = {"IT": {12, 13, 14, 15, 16, 17}, "GR": {12, 13, 14, 15, 16, 17, 18}, "RO": {11, 12, 13, 14, 15, 16, 17}}
"""No survey, a weak essay, a failed test, no essay, too little attendance; in Greece one missed webinar is too much."""
ATTENDED_ONLY = {"IT": 4, "GR": 4, "RO": 5}
"""Those who attended enough and lack something else."""
FIGURES = {
    "IT": {"applied": 30, "eligible": 26, "offered": 23, "enrolled": 20, "attending": 18, "assessed": 20, "certified": 14, "surveyed": 18},
    "GR": {"applied": 30, "eligible": 26, "offered": 23, "enrolled": 20, "attending": 17, "assessed": 20, "certified": 13, "surveyed": 17},
    "RO": {"applied": 30, "eligible": 26, "offered": 23, "enrolled": 20, "attending": 18, "assessed": 20, "certified": 13, "surveyed": 16},
}
"""What the dashboard must say in the end."""


def answer_survey(app: Flask, code: str, enrolled: list[str]) -> None:
    """Those who answer give the answers of the file."""
    with (MATERIAL / "survey.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["country"] == code]
    answering = [email for place, email in enumerate(enrolled) if place not in NO_SURVEY[code]]
    assert len(rows) == len(answering)
    with clock.frozen(at(code, "2027-04-22T10:00:00")):
        for email, row in zip(answering, rows, strict=True):
            visitor = Visitor(app).sign_in(email, PASSWORD).follow("Answer the survey")
            typed: dict[str, Any] = {}
            for name in {each.get("name") for each in visitor.page.iter("input", "textarea")} - {None, "_token"}:
                section, _, question = name.partition(".")
                if section == "reaction":
                    typed[name] = row[question]
                elif section == "gain":
                    typed[name] = row[name.rpartition(".")[2]]
                elif section == "comments" and question == "change":
                    typed[name] = row["comment"]
            visitor.submit(**{name.replace(".", "__"): value for name, value in typed.items()}).says("You have taken part")
        work_off()


def survey_shows_its_mean(app: Flask, code: str) -> None:
    """After the end the coordinator sees the mean that the file gives, and no name."""
    with (MATERIAL / "survey.csv").open(encoding="utf-8", newline="") as stream:
        points = [int(row["useful"]) for row in csv.DictReader(stream) if row["country"] == code and row["useful"] != "0"]
    mean = (Decimal(sum(points)) / len(points)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    with clock.frozen(at(code, "2027-05-11T10:00:00")):
        visitor = coordinator(app, code).open(f"/cohort_dashboard/{NUMBER[code]}")
        visitor.open(visitor.links(r"/survey/\d+/results$")[0]).says(f"Mean {mean} of 5, from {len(points)} answers.")


def certify(app: Flask, outbox: Any, code: str, enrolled: list[str]) -> Path:
    """The coordinator decides; the batch is made and sealed; each holder is told once; gives the folder with the files."""
    before = len(outbox)
    with clock.frozen(at(code, "2027-04-28T10:00:00")):
        visitor = coordinator(app, code).open(f"/certificate/cohort/{NUMBER[code]}/decide")
        ready, attended = [value for value, _label in visitor.options("competence")], [value for value, _label in visitor.options("attendance")]
        assert (len(ready), len(attended)) == (20 - len(NOT_CERTIFIED[code]), ATTENDED_ONLY[code])
        visitor.submit(competence=ready, attendance=attended, independent="yes")
        work_off()
        batch = visitor.path.split("?")[0]
        content = visitor.client.get(f"{batch}.zip").data
    told = [mail for mail in list(outbox)[before:] if mail.key.startswith("certificate.") and "issued" in mail.key]
    assert len(told) == len({mail.address for mail in told}) == len(ready) + len(attended)
    folder = Path(app.instance_path) / f"batch-{code}"
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


def found_the_authority(app: Flask) -> bytes:
    """Have the demonstration authority made now, by the real clock, since tools that are not ours look at no other; gives its root, the last of the chain."""
    chain = app.test_client().get("/certificate/issuer.pem").text
    return ("-----BEGIN CERTIFICATE-----" + chain.rpartition("-----BEGIN CERTIFICATE-----")[2]).encode()


def check_files(app: Flask, code: str, enrolled: list[str], folder: Path) -> None:
    """Tools that are not ours read the files: qpdf, pdftotext for the exact names; a changed byte is noticed by our own check."""
    files = sorted(folder.rglob("*.pdf"))
    assert len(files) == 20 - len(NOT_CERTIFIED[code]) + ATTENDED_ONLY[code]
    texts = []
    for file in files:
        assert seals.qpdf(file.read_bytes()) == ""
        texts.append(plain(file.read_bytes()))
    root = x509.load_pem_x509_certificate(found_the_authority(app))
    assert seals.poppler(files[0].read_bytes(), seals.trusting(root, folder / "trust")) == seals.GOOD
    people = {one.email: one for one in applicants(code)}
    for place, email in enumerate(enrolled):
        if place not in NOT_CERTIFIED[code]:
            name = f"{people[email].given_name} {people[email].family_name}"
            assert any(name in text for text in texts), name
    visitor = Visitor(app).open("/certificate/check?language=en")
    good = files[0].read_bytes()
    at_byte = good.index(b"stream") + 40
    changed = good[:at_byte] + bytes([good[at_byte] ^ 1]) + good[at_byte + 1 :]
    with clock.frozen(at(code, "2027-04-28T12:00:00")):
        said = [visitor.open("/certificate/check").submit(form="file-form", files={"file": (io.BytesIO(content), "x.pdf")}).heading for content in (good, changed)]
    assert said[0] != said[1]


def stands(app: Flask, code: str) -> dict[str, int]:
    """Give the funnel of a country as the dashboard has it."""
    with clock.frozen(at(code, "2027-05-11T10:00:00")):
        coordinator(app, code).open(f"/cohort_dashboard/{NUMBER[code]}").says("20 trainees enrolled")
        with app.test_request_context("/"):
            found = [figure for answer in bus.gather(CohortFigures(NUMBER[code])) for figure in answer]
    return {figure.code: int(figure.value or 0) for figure in found if figure.kind == "funnel"}


def check_calendar(app: Flask, email: str) -> None:
    """The private calendar holds eight webinars for another parser than the one that wrote it, on the clocks of the country."""
    import vobject

    visitor = Visitor(app).sign_in(email, PASSWORD).open("/webinar/calendar")
    address = re.search(r"/webinar/calendar/[\w-]+\.ics", visitor.answer.text)
    if address is None:
        address = re.search(r"/webinar/calendar/[\w-]+\.ics", visitor.press("Make my address").answer.text)
    assert address
    text = Visitor(app).client.get(address[0]).text
    events = vobject.readOne(text).vevent_list
    assert len(events) == 8
    assert len({event.uid.value for event in events}) == 8
    hours = {event.dtstart.value.strftime("%H:%M") for event in events}
    assert len(hours) == 1, "the wall clock survives the change to summer time"
