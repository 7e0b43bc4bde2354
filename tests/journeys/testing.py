"""Chapter four: a bank in four languages, a pre-test, a final test, an essay that is marked without a name."""

import io
import re
import tomllib
from typing import Any

from flask import Flask

from inspire_lms.kernel import clock
from inspire_lms.kernel.programmes.sample.material import SAMPLE
from inspire_lms.plugins.assessment.attempt import queries
from inspire_lms.plugins.assessment.kinds.answering import right, wrong
from tests.journeys.cast import MATERIAL, PASSWORD, at, country
from tests.journeys.selection import work_off
from tests.journeys.visitor import Visitor

WEAK_ESSAY, WEAK_TEST, NO_ESSAY = 13, 14, 15
"""Places in the list of the enrolled: a weak essay; a final test that fails; no essay at all."""
BANK = {"en": "questions.gift", "it": "questions.it.gift", "el": "questions.el.gift", "ro": "questions.ro.gift"}


def import_bank(app: Flask) -> None:
    """A trainer imports the questions: a broken file is refused whole with its lines, then four languages come in."""
    trainer = Visitor(app).sign_in("trainer.it@inspire.example", PASSWORD).open("/assessment/bank")
    page = trainer.path if re.search(r"/bank/\d+", trainer.path) else trainer.links(r"/assessment/bank/\d+$")[0]
    broken = (SAMPLE / BANK["en"]).read_text("utf-8").replace("{", "", 1)
    trainer.open(f"{page}/import").submit(language="en", files={"file": (io.BytesIO(broken.encode()), "broken.gift")}, status=422)
    for language, name in BANK.items():
        trainer.open(f"{page}/import").submit(language=language, files={"file": (io.BytesIO((SAMPLE / name).read_bytes()), name)})
    trainer.open(page).says("40")


def window(app: Flask, email: str, title: str) -> str:
    """Give the address of an assessment on the trainee's list."""
    visitor = Visitor(app).sign_in(email, PASSWORD).open("/assessment/")
    return next(href for each in visitor.page.iter("a") if title in each.text_content() and re.fullmatch(r"/assessment/\d+", href := each.get("href") or ""))


def sit(visitor: Visitor, door: str, language: str, is_right: Any) -> str:
    """Start, answer question by question, look it over, hand in; gives the words of the receipt."""
    visitor.open(door).submit_or_press()
    attempt = int(visitor.path.split("/")[3])
    for each in queries.asked(attempt):
        answer = right(each.kind, each.content, language) if is_right(each.position) else wrong(each.kind, each.content)
        sent = visitor.client.post(f"/assessment/attempt/{attempt}/{each.position}", data={"answer": answer, "go": "check"})
        assert sent.status_code == 303, sent.text
    visitor.open(f"/assessment/attempt/{attempt}/check").submit_or_press()
    return visitor.words


def take(app: Flask, code: str, enrolled: list[str], title: str, moment: str, is_right: Any) -> None:
    """Everybody takes a test."""
    language = country(code).language
    with clock.frozen(at(code, moment)):
        door = window(app, enrolled[0], title)
        for place, email in enumerate(enrolled):
            sit(Visitor(app).sign_in(email, PASSWORD), door, language, lambda position, place=place: is_right(place, position))
        work_off()


def write_essays(app: Flask, code: str, enrolled: list[str]) -> None:
    """All but one hand in an essay."""
    texts = tomllib.loads((MATERIAL / "essays.toml").read_text("utf-8"))[code]
    with clock.frozen(at(code, "2027-04-19T10:00:00")):
        door = window(app, enrolled[0], "Essay")
        for place, email in enumerate(enrolled):
            if place == NO_ESSAY:
                continue
            visitor = Visitor(app).sign_in(email, PASSWORD).open(door).submit_or_press()
            attempt = visitor.path.split("/")[3]
            text = texts["weak" if place == WEAK_ESSAY else "good"]
            sent = visitor.client.post(f"/assessment/attempt/{attempt}/1", data={"answer": text, "go": "check"})
            assert sent.status_code == 303
            visitor.open(f"/assessment/attempt/{attempt}/check").submit_or_press()


def mark_essays(app: Flask, code: str) -> None:
    """A trainer marks the essays by the rubric; no name stands on the page."""
    marker = f"trainer2.{code.lower()}@inspire.example"
    names = [f"{one.given_name} {one.family_name}" for one in country(code).applicants]
    texts = tomllib.loads((MATERIAL / "essays.toml").read_text("utf-8"))[code]
    with clock.frozen(at(code, "2027-04-21T10:00:00")):
        visitor = Visitor(app).sign_in(marker, PASSWORD)
        paths = visitor.open("/assessment/marking").links(r"/assessment/marking/\d+$")
        assert len(paths) == 19
        for path in paths:
            visitor.open(path)
            around = visitor.words.replace(" ".join(texts["good"].split()), "")
            assert not [name for name in names if name in around], "names are hidden, but for those that the author wrote"
            weak = len(visitor.words) and any(words in visitor.words for words in ("è grave e bisogna", "είναι μεγάλο και", "este gravă și"))
            fields = sorted({each.get("name") for each in visitor.page.iter("input") if (each.get("name") or "").startswith("level_")})
            visitor.submit(**{name: "0" if weak else str(len(visitor.options(name)) - 1) for name in fields})
        work_off()
