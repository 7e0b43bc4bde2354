"""Three countries with different rules choose, each from the notice to the last call-up: on the pages, in the own language, with the exact lists."""

import pytest

from inspire_lms.kernel import jobs
from tests.journeys import choosing, lists
from tests.journeys.by_hand import ByKeyboard, Staff, Superior, looking
from tests.journeys.choosing import Story
from tests.journeys.lists import NOTHING, PLACE, RESERVE, Line
from tests.journeys.three_countries import GREECE, ITALY, LATECOMER, ROMANIA


@pytest.fixture
def begin(app, outbox, live_server):
    """Begin the story of a country: an administrator loads the edition, and everybody is invited."""
    return lambda country: choosing.founded(Story(app, outbox, live_server, country))


@pytest.fixture
def look(axe):
    """Look at a page."""
    return looking(axe)


def test_italy_chooses_by_regions_and_by_a_draw_that_was_announced(begin, look, open_page, app, settings):
    story = begin(ITALY)
    choosing.apply(story, 1, 2)
    choosing.change_the_notice(story)
    choosing.apply(story, 3, 4, 5)
    dall_aglio = ByKeyboard(story, open_page(language="it"), look, 6)
    with story.on(ITALY.figures[6].on):
        dall_aglio.register().write().submit()
    choosing.apply(story, 7, 8, 9)
    assert lists.versions(story) == {number: 1 if number < 3 else 2 for number in range(1, 10)}
    with story.on("2026-11-24T10:00:00"):
        lists.confirm_the_clear(story, rejects={9: "Una fondazione privata."}, accepts={7: "Il servizio prestato in un altro Comune conta."})
        choosing.mark(story, "evaluator1")
        Staff(story, open_page(language="it"), look, "evaluator2").evaluate(5)
        for turn in "23123":
            choosing.mark(story, f"evaluator{turn}")
    assert story.given == {1: 2, 2: 2, 3: 2, 4: 3, 5: 2, 6: 2, 7: 2, 8: 2}
    coordinator = Staff(story, open_page(language="it"), look, "coordinator")
    with story.on("2026-12-03T10:00:00"):
        coordinator.publish_provisionally()
    # By sha256 of "Estrazioni del Lotto, Roma, 21 novembre 2026:INSPIREPA-IT-2026-00000N", 2f18… for N = 5 and c76a… for N = 4.
    expected = [
        Line(1, "90.00", PLACE),
        Line(2, "88.00", PLACE),
        Line(3, "86.00", RESERVE, moved=("regions:lazio",)),
        Line(5, "80.00", PLACE),
        Line(4, "80.00", RESERVE, tie="draw"),
        Line(6, "70.00", PLACE, moved=("islands",)),
        Line(7, "60.00", RESERVE),
        Line(8, "40.00", NOTHING),
    ]
    assert lists.published(story) == [expected]
    with story.on("2026-12-04T10:00:00"):
        dall_aglio.follow().says("Totale70,00", "Posizione6", "Isole").hides("90,00", "88,00", "80,00")
        lists.appeal(story, 4, "Chiedo come è stato fatto il sorteggio.")
    with story.on("2026-12-09T11:59:59"):
        assert lists.waits_for_appeals(story)
    with story.on("2026-12-09T12:00:00"):
        coordinator.answer_appeal("Il seme è quello annunciato; il calcolo è nella pagina dell’avviso.", is_upheld=False).publish()
    assert lists.published(story) == [expected, expected]
    assert story.offered() == ITALY.protocol(1, 2, 5, 6)
    with story.on("2026-12-10T10:00:00"):
        assert lists.kept_away(story) == [2]
    # With more points than somebody on the islands the third waits: the letter says nothing else.
    waits = story.mail(ITALY.figures[3].who.email, "online_call.reserve:").text
    assert ("secondo le regole dell’avviso" in waits, "più punti" in waits) == (True, False)
    fill_the_places_of_italy(story, dall_aglio)
    assert lists.audited(app, settings) == ""


def fill_the_places_of_italy(story, dall_aglio):
    """An offer lapses, somebody leaves late; called up is who keeps the limits, until the last moment."""
    with story.on("2026-12-11T10:00:00"):
        dall_aglio.accept()
        lists.answer_offer(story, 1, "accept")
        lists.answer_offer(story, 5, "accept")
    with story.on("2026-12-16T11:59:59"):
        jobs.tick()
    assert story.offered() == ITALY.protocol(1, 2, 5, 6)
    # The second one lets the deadline pass: now Lazio has one place only, and the third may have the second.
    with story.on("2026-12-16T12:00:00"):
        jobs.tick()
    assert story.offered() == ITALY.protocol(1, 2, 5, 6, 3)
    with story.on("2026-12-17T10:00:00"):
        lists.answer_offer(story, 3, "accept")
    # At the last moment of the reserve list somebody leaves the course and the next is called; a second later nobody is.
    with story.on("2027-01-15T12:00:00"):
        lists.leave(story, 1)
    with story.on("2027-01-15T12:00:01"):
        lists.leave(story, 5)
        lists.answer_offer(story, 4, "accept")
        assert lists.public_codes(story) == ITALY.protocol(3, 4, 6)
    assert story.offered() == ITALY.protocol(1, 2, 5, 6, 3, 4)
    assert lists.standings(story) == {
        1: "withdrawn", 2: "lapsed", 3: "accepted", 5: "withdrawn", 4: "accepted", 6: "accepted", 7: "reserve", 8: "unsuitable",
    }  # fmt: skip


def test_greece_keeps_a_place_for_each_kind_of_body_and_asks_for_a_solemn_declaration(begin, look, open_page, app, settings):
    story = begin(GREECE)
    choosing.apply(story, 1, 2)
    choosing.change_the_notice(story)
    choosing.apply(story, 3, 4, 5)
    psaltaki = ByKeyboard(story, open_page(language="el"), look, 6)
    with story.on(GREECE.figures[6].on):
        psaltaki.register().write(superior=("Νίκος Αλεξίου", "alexiou@ipiros.example")).submit()
    choosing.apply(story, 7)
    lists.refused_by_the_superior(story, 8)
    choosing.apply(story, 9)
    with story.on("2026-11-18T10:00:00"):
        Superior(story, open_page(language="el"), look, "el").answer("alexiou@ipiros.example")
    assert lists.versions(story) == {number: 1 if number < 3 else 2 for number in range(1, 10)}
    with story.on("2026-11-24T10:00:00"):
        lists.confirm_the_clear(story, rejects={8: ""})
        evaluator = Staff(story, open_page(language="el"), look, "evaluator1")
        evaluator.evaluate(6, "The superior answers by a link")
        for turn in "12":
            choosing.mark(story, f"evaluator{turn}")
    assert story.given == dict.fromkeys((6, 1, 2, 3, 4, 5, 7, 9), 2)
    coordinator = Staff(story, open_page(language="el"), look, "coordinator")
    with story.on("2027-01-05T10:00:00"):
        coordinator.publish_provisionally()
    provisional = [
        Line(1, "92.00", PLACE),
        Line(2, "88.00", PLACE),
        Line(3, "84.00", RESERVE, moved=("bodies:region",)),
        Line(4, "76.00", PLACE),
        Line(5, "64.00", PLACE, moved=("bodies:region",)),
        Line(6, "64.00", RESERVE, tie="submitted"),
        Line(9, "60.00", RESERVE),
        Line(7, "45.00", NOTHING),
    ]
    assert lists.published(story) == [provisional]
    # The Epiphany is no working day: two days after Tuesday 5 January end on Friday the 8th.
    with story.on("2027-01-08T11:59:59"):
        psaltaki.follow().appeal("Δεν μετρήθηκε το δεύτερο έργο.")
    with story.on("2027-01-08T12:00:00"):
        coordinator.answer_appeal("Το δεύτερο έργο δεν είχε ληφθεί υπόψη.", is_upheld=True)
    with story.on("2027-01-11T09:00:00"):
        evaluator.open("/", "Evaluate").open("/online_call/reviews", "A list is published: points can be given only where an application was opened again.")
        evaluator.hides(evaluator.said("Cannot be evaluated in this phase")).evaluate(6)
        choosing.mark(story, "evaluator2")
    with story.on("2027-01-11T10:00:00"):
        coordinator.publish()
    final = [
        *provisional[:4],
        Line(6, "66.00", PLACE, moved=("bodies:region",)),
        Line(5, "64.00", RESERVE),
        *provisional[6:],
    ]
    assert lists.published(story) == [provisional, final]
    with story.on("2027-01-11T11:00:00"):
        assert lists.three_groups(story) == [[1, 2, 4, 6], [3, 5, 9], [7, 8]]
    assert story.offered() == GREECE.protocol(1, 2, 4, 6)
    fill_the_places_of_greece(story, psaltaki)
    assert lists.audited(app, settings) == ""


def fill_the_places_of_greece(story, psaltaki):
    """An offer is declined, one lapses, somebody leaves late; a reserved place for which nobody is left goes to the next."""
    with story.on("2027-01-12T10:00:00"):
        psaltaki.accept()
        lists.answer_offer(story, 2, "accept")
        # The place of a municipality becomes free; the other one of the municipalities counts for the group, and so the next is called.
        lists.answer_offer(story, 1, "decline")
    assert story.offered() == GREECE.protocol(1, 2, 4, 6, 3)
    with story.on("2027-01-13T10:00:00"):
        lists.answer_offer(story, 3, "accept")
    # The ministry's place lapses; the only other ministry has too few points, so the place goes to the next.
    with story.on("2027-01-18T12:00:00"):
        jobs.tick()
    assert story.offered() == GREECE.protocol(1, 2, 4, 6, 3, 5)
    with story.on("2027-01-20T10:00:00"):
        lists.answer_offer(story, 5, "accept")
    # At the last moment of the reserve list somebody leaves the course and the last who is suitable is called.
    with story.on("2027-01-29T12:00:00"):
        lists.leave(story, 2)
        lists.answer_offer(story, 9, "accept")
        assert lists.public_codes(story) == GREECE.protocol(3, 6, 5, 9)
    assert story.offered() == GREECE.protocol(1, 2, 4, 6, 3, 5, 9)
    assert lists.standings(story) == {
        1: "declined", 2: "withdrawn", 3: "accepted", 4: "lapsed", 6: "accepted", 5: "accepted", 9: "accepted", 7: "unsuitable",
    }  # fmt: skip


def test_romania_closes_after_09_59_59_and_counts_the_questionnaire(begin, look, open_page, app, settings):
    story = begin(ROMANIA)
    choosing.apply(story, 1)
    popescu = ByKeyboard(story, open_page(language="en"), look, 2)
    with story.on(ROMANIA.figures[2].on):
        popescu.register().write().submit()
    choosing.change_the_notice(story)
    choosing.apply(story, 3, 4, 5, 6)
    cretu = ByKeyboard(story, open_page(language="ro"), look, 7)
    with story.on("2026-11-20T09:50:00"):
        cretu.register().write()
        late = choosing.write_draft(story, LATECOMER)
    with story.on(ROMANIA.figures[7].on):
        cretu.submit()
    with story.on(LATECOMER.on):
        late.submit(status=409).says("vineri, 20 noiembrie 2026, ora 10:00 (ora României, EET)", "20 noiembrie 2026, ora 10:00:00 (ora României, EET).")
    assert lists.versions(story) == {number: 1 if number < 3 else 2 for number in range(1, 8)}
    with story.on("2026-11-23T10:00:00"):
        lists.ask_to_mend(story, 2, "authorisation", "The signature on the agreement cannot be read.")
    with story.on("2026-11-24T10:00:00"):
        popescu.mend("The signature on the agreement cannot be read.")
    with story.on("2026-11-25T10:00:00"):
        lists.confirm_the_clear(story, rejects={6: ""})
        Staff(story, open_page(language="ro"), look, "evaluator1").evaluate(7)
        for turn in "12":
            choosing.mark(story, f"evaluator{turn}")
    assert story.given == dict.fromkeys((7, 1, 2, 3, 4, 5), 2)
    coordinator = Staff(story, open_page(language="ro"), look, "coordinator")
    with story.on("2026-11-27T16:00:00"):
        coordinator.publish_provisionally()
    expected = [
        Line(1, "85.00", PLACE),
        Line(3, "80.00", PLACE),
        Line(2, "80.00", PLACE, tie="questionnaire"),
        Line(7, "80.00", RESERVE, tie="submitted"),
        Line(4, "70.00", RESERVE),
        Line(5, "60.00", RESERVE),
    ]
    assert lists.published(story) == [expected]
    # One working day after a Friday: after the week-end come Saint Andrew's day and the national day, so it ends on Wednesday.
    with story.on("2026-12-02T11:59:59"):
        cretu.follow().says("Total80,00", "20 noiembrie 2026, ora 09:59:59 (ora României, EET)").hides("85,00").appeal("Am apăsat butonul la timp.")
    with story.on("2026-12-02T12:00:00"):
        coordinator.answer_appeal("La egalitate contează chestionarul, apoi ordinea depunerii.", is_upheld=False).publish()
    assert lists.published(story) == [expected, expected]
    assert story.offered() == ROMANIA.protocol(1, 3, 2)
    fill_the_places_of_romania(story, popescu, cretu)
    assert lists.audited(app, settings) == ""


def fill_the_places_of_romania(story, popescu, cretu):
    """An offer is declined, one lapses, somebody leaves late; each time the next on the list is called."""
    with story.on("2026-12-03T10:00:00"):
        popescu.accept()
        lists.answer_offer(story, 1, "decline")
    assert story.offered() == ROMANIA.protocol(1, 3, 2, 7)
    with story.on("2026-12-04T10:00:00"):
        cretu.accept()
    with story.on("2026-12-09T12:00:00"):
        jobs.tick()
    assert story.offered() == ROMANIA.protocol(1, 3, 2, 7, 4)
    with story.on("2026-12-10T10:00:00"):
        lists.answer_offer(story, 4, "accept")
    with story.on("2026-12-18T12:00:00"):
        lists.leave(story, 2)
        lists.answer_offer(story, 5, "accept")
        assert lists.public_codes(story) == ROMANIA.protocol(7, 4, 5)
    assert story.offered() == ROMANIA.protocol(1, 3, 2, 7, 4, 5)
    assert lists.standings(story) == {1: "declined", 3: "lapsed", 2: "withdrawn", 7: "accepted", 4: "accepted", 5: "accepted"}
