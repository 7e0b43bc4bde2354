"""A report counts only when a person has said who is who, and once."""

from pathlib import Path

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.plugins.webinar.attendance import importing, register
from inspire_lms.plugins.webinar.models import Report, Stay
from tests.builders import a_trainee
from tests.plugins.webinar.builders import MINUTE, a_group, attend, close, held, published

pytestmark = pytest.mark.usefixtures("app")
SAMPLES = Path(__file__).parent / "reports"
ROME = "Europe/Rome"


def sample(name, webinar_id):
    """A sample report, moved to the day and hour of a webinar."""
    day = held(webinar_id).local
    text = (SAMPLES / name).read_text(encoding="utf-8-sig")
    return text.replace("26/11/2026", f"{day:%d/%m/%Y}").replace("11/26/2026", f"{day:%m/%d/%Y}").encode("utf-8-sig")


@pytest.fixture
def group():
    cohort, coordinator, trainer, _ = a_group("IT", trainees=0)
    names = [("Maria", "Rossi", "maria.rossi@comune.example.it"), ("Nicolò", "D'Angelo", "n.dangelo@regione.example.it"), ("Chiara", "Conti", "chiara.conti@provincia.example.it")]
    people = [a_trainee(cohort, given_name=given, family_name=family, email=email) for given, family, email in names]
    return trainer, people, published(cohort, coordinator)


def read(webinar_id, by, name="zoom_italian.csv"):
    content = sample(name, webinar_id)
    with clock.frozen(held(webinar_id).ends_at + MINUTE):
        return importing.read(webinar_id, content, name=name, zone=ROME, by=by.id).id


def confirm(report_id, by, **answers):
    found = importing.waiting(report_id)
    by_name = {each.participant.name: each.participant.key for each in found.matches}
    sure = {each.participant.key: each.person_id for each in found.matches if not each.doubt}
    at = found.webinar.ends_at + 2 * MINUTE
    told = sure | {by_name[name]: person_id for name, person_id in answers.items()}
    with clock.frozen(at):
        return importing.confirm(report_id, answers=told, by=by.id)


def rows():
    session.rollback()
    return session.scalars(select(Stay.id)).all()


def test_nothing_counts_before_it_is_confirmed(group):
    trainer, (maria, nicolo, _), ids = group
    report_id = read(ids[0], trainer)
    found = importing.waiting(report_id)
    assert rows() == []
    assert {each.participant.name: (each.person_id, each.doubt and each.doubt.text) for each in found.matches} == {
        "D’Angelo Nicolò": (nicolo.id, None),
        "Maria Rossi": (maria.id, None),
        "Paola Ferri": (None, "Nobody of the group has this name or address."),
        "iPhone di Chiara": (None, "This is the name of a device or an office."),
    }


def test_what_is_confirmed_counts_once(group):
    trainer, (maria, nicolo, chiara), ids = group
    answers = {"Paola Ferri": None, "iPhone di Chiara": chiara.id}
    assert confirm(read(ids[0], trainer), trainer, **answers) == 4
    minutes = {person.id: register.minutes_of(held(ids[0]), person.id) for person in (maria, nicolo, chiara)}
    assert minutes == {maria.id: 120, nicolo.id: 120, chiara.id: 73}
    with pytest.raises(Invalid, match="once more it would add nothing"):
        read(ids[0], trainer)
    assert len(rows()) == 4


def test_another_export_of_the_same_meeting_adds_nothing(group):
    trainer, (maria, _, chiara), ids = group
    confirm(read(ids[0], trainer), trainer, **{"Paola Ferri": None, "iPhone di Chiara": chiara.id})
    again = sample("zoom_italian.csv", ids[0]) + b"\r\n"
    with clock.frozen(held(ids[0]).ends_at + 3 * MINUTE):
        report_id = importing.read(ids[0], again, name="again.csv", zone=ROME, by=trainer.id).id
    assert confirm(report_id, trainer, **{"Paola Ferri": None, "iPhone di Chiara": chiara.id}) == 0
    assert register.minutes_of(held(ids[0]), maria.id) == 120


def test_what_our_page_saw_and_what_the_report_says_are_merged(group):
    trainer, (maria, *_), ids = group
    attend(ids[0], maria, late=5, early=60)
    confirm(read(ids[0], trainer), trainer, **{"Paola Ferri": None, "iPhone di Chiara": None})
    assert register.minutes_of(held(ids[0]), maria.id) == 120


def test_an_earlier_answer_is_proposed_for_the_next_report(group):
    trainer, (*_, chiara), ids = group
    confirm(read(ids[0], trainer), trainer, **{"Paola Ferri": None, "iPhone di Chiara": chiara.id})
    found = importing.waiting(read(ids[1], trainer))
    one = next(each for each in found.matches if each.participant.name == "iPhone di Chiara")
    assert (one.person_id, one.proposals[0], found.answers[one.participant.key]) == (None, chiara.id, chiara.id)


def test_everybody_needs_an_answer_and_only_people_of_the_group_are_one(group):
    trainer, (*_, chiara), ids = group
    report_id = read(ids[0], trainer)
    with pytest.raises(Invalid, match="of each participant"):
        confirm(report_id, trainer, **{"Paola Ferri": None})
    with pytest.raises(Invalid, match="of each participant"):
        confirm(report_id, trainer, **{"Paola Ferri": 0, "iPhone di Chiara": chiara.id})
    assert rows() == []


def test_a_broken_report_leaves_nothing_behind(group):
    trainer, _, ids = group
    with pytest.raises(Invalid, match="Line 11"):
        read(ids[0], trainer, "zoom_broken_date.csv")
    session.rollback()
    assert session.scalars(select(Report.id)).all() == []


def test_a_report_is_put_away(group):
    trainer, _, ids = group
    report_id = read(ids[0], trainer)
    assert importing.drop(report_id) == ids[0]
    with pytest.raises(NotThere):
        importing.drop(report_id)


def test_a_closed_register_takes_no_report(group):
    trainer, _, ids = group
    waiting = read(ids[0], trainer)
    close(ids[0], trainer)
    with pytest.raises(Refused, match="register is closed"):
        read(ids[0], trainer, "zoom_english.csv")
    with pytest.raises(Refused, match="register is closed"):
        confirm(waiting, trainer, **{"Paola Ferri": None, "iPhone di Chiara": None})
