"""Three countries choose: the site and its clock, and what staff and most applicants do, without a browser."""

import io
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask import Flask
from pypdf import PdfReader

from inspire_lms.kernel import clock, i18n
from inspire_lms.kernel.people import actions as people
from tests.ground.browsers import Site
from tests.journeys.cast import MATERIAL, PASSWORD, a_pdf, at
from tests.journeys.cast import country as sample
from tests.journeys.selection import ADMINISTRATOR, register, work_off
from tests.journeys.three_countries import Country, Figure
from tests.journeys.visitor import Visitor, link_in

EDITION = MATERIAL / "three-countries.toml"
REASON = {
    "en": "The webinars are shorter than we had written.", "it": "I webinar sono più brevi di quanto avevamo scritto.",
    "el": "Τα σεμινάρια είναι συντομότερα από ό,τι είχαμε γράψει.", "ro": "Webinarele sunt mai scurte decât scrisesem.",
}  # fmt: skip
HOURS = (("three hours", "two hours"), ("tre ore", "due ore"), ("τριών ωρών", "δύο ωρών"), ("trei ore", "două ore"))
"""What the change corrects, in each language."""


@dataclass
class Story:
    """One country, its site, and the moment at which everything happens."""

    app: Flask
    outbox: Any
    site: Site
    country: Country
    paths: dict[int, str] = field(default_factory=dict)
    """The page of each application, by its running number."""
    given: dict[int, int] = field(default_factory=dict)
    """How often an application was marked so far, by its running number."""

    @contextmanager
    def on(self, moment: str) -> Iterator[None]:
        """Let the clock stand still at a wall-clock time of the country, for everybody; what waits is done at the end."""
        self.site.at = at(self.country.code, moment)
        with clock.frozen(self.site.at):
            yield
            work_off()

    @property
    def room(self) -> str:
        """The address of the committee room."""
        return f"/online_call/rooms/{self.country.number}"

    def staff(self, name: str) -> str:
        """Give the address of a member of the staff, for example of evaluator1."""
        return f"{name}.{self.country.code.lower()}@inspire.example"

    def coordinator(self) -> Visitor:
        """Sit the coordinator down, signed in."""
        return Visitor(self.app).sign_in(self.staff("coordinator"), PASSWORD)

    def mail(self, email: str, key: str) -> Any:
        """Give the latest mail to an address whose key begins so."""
        return [each for each in self.outbox if each.address == email and each.key.startswith(key)][-1]

    def number_in(self, words: str) -> int:
        """Find out about whom a page is: by the protocol number that stands on it."""
        return next(number for number in self.country.figures if self.country.protocol(number)[0] in words)

    def next_marks(self, number: int) -> dict[str, str]:
        """Give the marks of an application that come next, by criterion."""
        self.given[number] = self.given.get(number, 0) + 1
        return dict(zip(self.country.criteria, self.country.figures[number].marks[self.given[number] - 1], strict=True))

    def offered(self) -> list[str]:
        """Give the protocol numbers to which an offer was mailed, in that order."""
        by_email = {one.who.email: self.country.protocol(number)[0] for number, one in self.country.figures.items()}
        return [by_email[each.address] for each in self.outbox if each.key.startswith("online_call.offer:")]


def said(language: str, text: str, **values: Any) -> str:
    """Give one of the product's sentences in a language."""
    with i18n.speaking(language):
        return i18n._(text, **values)


@cache
def form(code: str) -> list[dict[str, Any]]:
    """Give the sections of the form of a country, as the edition file has them."""
    countries = tomllib.loads(EDITION.read_text("utf-8"))["country"]
    return list(next(each for each in countries if each["code"] == code)["call"]["section"])


def founded(story: Story) -> Story:
    """An administrator loads the edition through its page, and invites the coordinator, who invites the evaluators."""
    with story.on("2026-10-19T09:00:00"):
        people.first_administrator(ADMINISTRATOR, "Alexandra", "Lindqvist", "en", PASSWORD)
        _load(story, EDITION.read_text("utf-8"))
        _invite(story, "coordinator", ADMINISTRATOR)
        for turn in range(1, story.country.evaluators + 1):
            _invite(story, f"evaluator{turn}", story.staff("coordinator"))
        if story.country.colleague_of:
            employer = story.country.figures[story.country.colleague_of].who.administration.upper()
            Visitor(story.app).sign_in(story.staff("evaluator1"), PASSWORD).open("/profile/work").submit(organisation=employer)
    return story


def change_the_notice(story: Story) -> None:
    """After the opening the administrator loads the file anew, with a reason, as a change then needs one; both versions are read."""
    text = EDITION.read_text("utf-8")
    for was, now in HOURS:
        text = text.replace(was, now)
    said_why = ", ".join(f'{language} = "{words}"' for language, words in REASON.items())
    with story.on("2026-11-12T09:00:00"):
        _load(story, f"{text}\n[call.change]\nreason = {{ {said_why} }}\n")
        _read_the_notice(story)


def _load(story: Story, text: str) -> None:
    visitor = Visitor(story.app).sign_in(ADMINISTRATOR, PASSWORD).open("/editions/load")
    visitor.submit(files={"file": (io.BytesIO(text.encode()), "three-countries.toml")})


def _invite(story: Story, name: str, inviter: str) -> None:
    page = Visitor(story.app).sign_in(inviter, PASSWORD).open("/people/invite")
    wanted = {"IT": "Italy", "GR": "Greece", "RO": "Romania"}[story.country.code]
    place = next(value for value, label in page.options("place") if label == wanted)
    names = {each.role: (each.given_name, each.family_name) for each in sample(story.country.code).staff}
    given, family = names.get(name, ("Marta", "Ruggeri"))
    who = {"email": story.staff(name), "given_name": given, "family_name": family}
    page.submit(**who, language=story.country.language, role=name.rstrip("123"), place=place)
    Visitor(story.app).open(link_in(story.mail(who["email"], "").text)).submit(password=PASSWORD)


def _read_the_notice(story: Story) -> None:
    """The notice is a page and a document in the language of the country, and each of its versions can be read."""
    country = story.country
    number, language = country.number, country.language
    before = Visitor(story.app).open(f"/online_call/notices/{number}/1?language={language}").words
    now = Visitor(story.app).open(f"/online_call/{country.code.lower()}?language={language}").words
    was, becomes = HOURS[("en", "it", "el", "ro").index(language)]
    assert (was in before, becomes in before, becomes in now, REASON[language] in now) == (True, False, True, True)
    for version, hours in ((1, was), (2, becomes)):
        answer = Visitor(story.app).open(f"/online_call/notices/{number}/{version}/{language}.pdf").answer
        document = PdfReader(io.BytesIO(answer.data))
        text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
        assert (document.root_object["/Lang"], hours in text) == (language, True), text[:600]


def apply(story: Story, *numbers: int) -> None:
    """Some people apply without a browser, one after the other."""
    for number in numbers:
        figure = story.country.figures[number]
        with story.on(figure.on):
            visitor = write_draft(story, figure)
            visitor.submit()
            assert visitor.path.split("/")[-1].isdecimal(), f"{visitor.path}: {visitor.words[:1500]}"
            visitor.says(story.country.protocol(number)[0])
            story.paths[number] = visitor.path


def write_draft(story: Story, figure: Figure, *, has_file: bool = True) -> Visitor:
    """Somebody registers and writes everything; the page on which the draft is looked over is open."""
    visitor = register(story.app, story.outbox, figure.who, figure.language)
    visitor.open(f"/online_call/{story.country.code.lower()}/apply").post("/apply")
    for section in form(story.country.code):
        assert visitor.path.endswith(f"/write/{section['code']}"), visitor.path + visitor.words
        codes = {each["code"] for each in section["question"]}
        files = {"authorisation": (io.BytesIO(a_pdf()), "a.pdf")} if "authorisation" in codes and has_file else None
        more = {"declaration": "yes"} if "declaration" in codes else {}
        visitor.submit(files=files, **figure.answers[section["code"]], **more)
    assert visitor.path.endswith("/check"), visitor.path
    return visitor


def mark(story: Story, evaluator: str) -> set[int]:
    """An evaluator gives all marks that are asked for; what others gave is not shown. Gives who was marked."""
    visitor, marked = Visitor(story.app).sign_in(story.staff(evaluator), PASSWORD), set()
    for path in visitor.open("/online_call/reviews").links(r"/reviews/\d+$"):
        number = story.number_in(visitor.open(path).words)
        if "To be evaluated" in visitor.words:
            assert_blind(visitor.words, evaluator)
            visitor.submit(**story.next_marks(number), _comment=note_of(evaluator))
            marked.add(number)
    return marked


def note_of(evaluator: str) -> str:
    """What an evaluator writes to the committee: no other evaluator may read it."""
    return f"({evaluator})"


def assert_blind(words: str, evaluator: str) -> None:
    """Check that a page does not show what other evaluators wrote."""
    assert not [turn for turn in "123" if turn != evaluator[-1] and note_of(f"evaluator{turn}") in words], words
