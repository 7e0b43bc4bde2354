"""Whoever cannot reach the threshold any more is told by mail, once."""

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.webinar.attendance import closing, register
from tests.plugins.webinar.builders import MINUTE, a_group, attend, close, held, published, work

pytestmark = pytest.mark.usefixtures("app")


def hold(webinar_id, trainer, *present):
    """Let some be there from the beginning to the end, and close the register."""
    for each in present:
        attend(webinar_id, each)
    close(webinar_id, trainer)
    work(held(webinar_id).ends_at + 2 * MINUTE)


def told(outbox, person):
    return [each for each in outbox.to(person) if each.key.startswith("webinar:out_of_reach:")]


def test_the_second_of_eight_absences_puts_80_per_cent_out_of_reach_and_is_told_once(outbox):
    cohort, coordinator, trainer, (good, absent) = a_group("RO")
    ids = published(cohort, coordinator)
    counts = []
    for webinar_id in ids[:4]:
        hold(webinar_id, trainer, good)
        counts.append((len(told(outbox, good)), len(told(outbox, absent))))
    assert counts == [(0, 0), (0, 1), (0, 1), (0, 1)]
    (letter,) = told(outbox, absent)
    assert "75" in letter.text
    assert "/webinar/" in letter.text


def test_a_correction_that_takes_minutes_away_is_told_too_and_not_a_second_time(outbox):
    cohort, coordinator, trainer, (person, other) = a_group("IT")
    ids = published(cohort, coordinator)
    hold(ids[0], trainer, other)
    hold(ids[1], trainer, person, other)
    assert told(outbox, person) == []
    facts = {"reason": "Seen by nobody.", "by": trainer.id}
    person_id, starts, ends = person.id, held(ids[1]).starts_at, held(ids[1]).ends_at
    with clock.frozen(ends + 5 * MINUTE):
        (stay,) = [each for each in register.connections(held(ids[1]), person_id) if not each.is_struck]
        closing.strike(stay.id, **facts)
    work(ends + 6 * MINUTE)
    assert (len(told(outbox, person)), len(told(outbox, other))) == (1, 0)
    with clock.frozen(ends + 7 * MINUTE):
        closing.add_by_hand(ids[1], person_id, came_at=starts, left_at=starts + 10 * MINUTE, **facts)
    work(ends + 8 * MINUTE)
    assert len(told(outbox, person)) == 1


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "The attendance that the certificate asks for can no longer be reached"),
        ("it", "La frequenza richiesta per l’attestato non è più raggiungibile"),
        ("el", "Η παρακολούθηση που απαιτείται για τη βεβαίωση δεν είναι πλέον εφικτή"),
        ("ro", "Prezența cerută pentru certificat nu mai poate fi atinsă"),
    ],
)
def test_it_is_told_in_the_language_of_the_reader(outbox, language, subject):
    cohort, coordinator, trainer, (person,) = a_group("GR", trainees=1)
    with transaction():
        session.get_one(Person, person.id).language = language
    ids = published(cohort, coordinator)
    for webinar_id in ids[:2]:
        hold(webinar_id, trainer)
    (letter,) = told(outbox, person)
    assert letter.subject == subject
