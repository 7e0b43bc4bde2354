"""Three countries choose: who takes part, the lists as they were published, and what became of the places."""

import io
from itertools import pairwise
from typing import Any, NamedTuple

from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from inspire_lms.cli import main
from inspire_lms.kernel.db import session
from inspire_lms.migrating import upgrade
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.publishing import queries as publications
from tests.journeys import choosing, judging
from tests.journeys.cast import PASSWORD
from tests.journeys.choosing import Story, said
from tests.journeys.selection import ADMINISTRATOR
from tests.journeys.visitor import Visitor, link_in


class Line(NamedTuple):
    """One line of a published list, in its order."""

    number: int
    """The running number in the protocol."""
    total: str
    gets: str
    """What the list says of it: a place, the reserve list, or nothing, below the least score."""
    tie: str | None = None
    """What put it below the line above, when both have the same total."""
    moved: tuple[str, ...] = ()
    """The groups of quotas that brought it in or kept it out."""


PLACE, RESERVE, NOTHING = "place", "reserve", "nothing"


def published(story: Story) -> list[list[Line]]:
    """Give the lists that were published, the first one first."""
    session.rollback()
    return [[_line(each) for each in one.lines] for one in publications.of_call(story.country.number)]


def _line(kept: dict[str, Any]) -> Line:
    gets = PLACE if kept["chosen"] else RESERVE if kept["suitable"] else NOTHING
    return Line(int(kept["number"][-6:]), kept["total"], gets, kept["settled_by"], tuple(kept["moved_by"]))


def standings(story: Story) -> dict[int, str]:
    """Say what became of each line, in the order of the final list."""
    session.rollback()
    chosen = select(Application.protocol_number, Place.standing).join(Place, Place.application_id == Application.id)
    return {int(number[-6:]): standing for number, standing in session.execute(chosen.order_by(Place.position))}


def versions(story: Story) -> dict[int, int]:
    """Say under which version of the notice each application was made."""
    session.rollback()
    chosen = select(Application.protocol_number, Application.notice_version).where(Application.protocol_number.is_not(None))
    return {int(number[-6:]): version for number, version in session.execute(chosen.order_by(Application.id))}


def confirm_the_clear(story: Story, *, rejects: dict[int, str], accepts: dict[int, str] | None = None) -> None:
    """The coordinator decides: some do not meet a rule; against a rule a second person confirms; all others are confirmed together."""
    visitor = story.coordinator()
    for number, why in rejects.items():
        visitor.open(_file(story, number)).submit(decision="rejected", note=why)
    for number, why in (accepts or {}).items():
        visitor.open(_file(story, number)).submit(decision="eligible", note=why)
        visitor.says("A decision waits for a second person")
    second = Visitor(story.app).sign_in(ADMINISTRATOR, PASSWORD)
    for path in second.open(story.room).links(r"/overrides/\d+$"):
        second.open(path).submit(decision="confirm")
    confirm, *_more = visitor.open(f"{story.room}/applications?state=submitted").links(r"/rooms/\d+/confirm$")
    visitor.open(confirm).submit_or_press()


def _file(story: Story, number: int) -> str:
    return story.paths[number].replace("/applications/", "/files/")


def ask_to_mend(story: Story, number: int, question: str, sentence: str) -> None:
    """The coordinator asks an applicant for something once more."""
    story.coordinator().open(_file(story, number)).follow("Ask the applicant to mend something").submit(questions=[question], sentence=sentence)


def refused_by_the_superior(story: Story, number: int) -> None:
    """Somebody applies whose superior is asked by a link in place of the file, and refuses."""
    figure, address = story.country.figures[number], f"head{number}@office.example"
    with story.on(figure.on):
        draft = choosing.write_draft(story, figure, has_file=False)
        path = "/".join(draft.path.split("/")[:4])
        draft.open(f"{path}/authorisation/authorisation").submit(name="Ιωάννα Ρήγα", email=address)
        draft.open(f"{path}/check").submit()
        story.paths[number] = path
        Visitor(story.app).open(link_in(story.mail(address, "online_call.authorise:").text)).submit(answer="refuse", note="Δεν επαρκεί το προσωπικό.")


def answer_offer(story: Story, number: int, deed: str) -> None:
    """Somebody answers an offer from its mail, without signing in."""
    judging.offer_in_mail(story.app, story.outbox, story.country.figures[number].who.email).post(f"/{deed}")


def leave(story: Story, number: int) -> None:
    """Somebody withdraws, late."""
    page = Visitor(story.app).sign_in(story.country.figures[number].who.email, PASSWORD)
    page.open(story.paths[number]).post("/withdraw")


def appeal(story: Story, number: int, grounds: str) -> None:
    """Somebody appeals against the provisional result."""
    page = Visitor(story.app).sign_in(story.country.figures[number].who.email, PASSWORD)
    page.open(story.paths[number]).follow("Write an appeal").submit(grounds=grounds)


def waits_for_appeals(story: Story) -> bool:
    """Say whether the room lets nobody publish the final list, because applicants may appeal or wait for an answer."""
    shown = story.coordinator().open(story.room)
    return not shown.links(r"/publish$")


def public_codes(story: Story) -> list[str]:
    """Give the codes that anybody can read, and check that nothing else about anybody can be read there."""
    page = Visitor(story.app).open(f"/online_call/results/{story.country.number}?language=en")
    people = [one.who.family_name for one in story.country.figures.values()]
    assert not [name for name in people if name in page.words]
    return [each.text_content() for each in page.page.xpath("//main//tbody//th")]


def minutes(story: Story) -> str:
    """Give the text of the latest minutes in the language of the country, without spaces, since cells break where they must."""
    visitor = story.coordinator().open(story.room)
    path = next(each for each in visitor.links(r"/minutes-") if each.endswith(f"-{story.country.language}.pdf"))
    pages = PdfReader(io.BytesIO(visitor.client.get(path).data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def kept_away(story: Story) -> list[int]:
    """Say from which applications the minutes name somebody as kept away, because of the same administration."""
    heads = [said(story.country.language, text) for text in ("Kept away by the system: of the same administration", "Applications")]
    _before, _head, rest = minutes(story).partition("".join(heads[0].split()))
    listed = rest.partition("".join(heads[1].split()) + "".join(said(story.country.language, "State").split()))[0]
    return [number for number in story.country.figures if story.country.protocol(number)[0] in listed]


def three_groups(story: Story) -> list[list[int]]:
    """Give the applications in each of the three groups of the latest minutes: selected, on the reserve list, rejected; each in its order."""
    text, language = minutes(story), story.country.language
    names = ("Selected", "Reserve list", "Rejected: not enough points", "Decisions by two people")
    places = [text.rindex("".join(said(language, each).split())) for each in names]
    found = []
    for begins, ends in pairwise(places):
        where = {number: text.find(story.country.protocol(number)[0], begins, ends) for number in story.country.figures}
        found.append(sorted((number for number, place in where.items() if place >= 0), key=where.__getitem__))
    return found


def audited(app: Flask, settings: Any) -> str:
    """Run the command that holds the database against what must be true; give what it finds wrong, and nothing else."""
    upgrade(app)
    env = {"INSPIRE_INSTANCE": str(settings.instance), "INSPIRE_DATABASE_URL": settings.database_url, "INSPIRE_SECRET_KEY": "x"}
    done = CliRunner().invoke(main, ["audit"], env=env)
    assert done.exit_code == 0, done.output
    assert "ok     publications found again" in done.output, done.output
    return "".join(line for line in done.output.splitlines() if not line.startswith("ok "))
