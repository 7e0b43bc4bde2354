"""Quotas come from the edition file, and what they do is told to everybody whom it concerns."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.audit import AuditLine
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering import actions, publishing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.publishing import provisional
from inspire_lms.plugins.online_call.ranking.terms import Quota
from tests.builders import a_cohort, words
from tests.plugins.online_call.builders import (
    CLOSED,
    ISLANDS,
    OPEN,
    PUBLISHED,
    REGIONS,
    a_call,
    a_draft,
    a_part,
    a_selection,
    committee,
    judged,
    of_regions,
    standings,
    with_regions,
)
from tests.plugins.online_call.lists import IN_PEACE
from tests.plugins.online_call.test_opening import FILE, read_file

LATER = PUBLISHED + timedelta(days=1)
QUOTED = {"form": with_regions(), "quotas": (ISLANDS, REGIONS)}
WHERE = of_regions("north", "north", "north", "south", "islands")
TOTALS = [90, 85, 80, 75, 70]


def quota(**keys):
    said = {"code": '"sector"', "question": '"sector"', "is": '["town"]', "least": "3", "title": '{ en = "Towns" }'} | keys
    return FILE.replace("[country]", "[[call.quota]]\n" + "\n".join(f"{key} = {value}" for key, value in said.items() if value) + "\n[country]")


@pytest.mark.parametrize(
    ("text", "quotas"),
    [
        (FILE, ()),
        (quota(), (Quota("sector", {"en": "Towns"}, "sector", ("town",), 3, None),)),
        (quota(least="", most="5"), (Quota("sector", {"en": "Towns"}, "sector", ("town",), None, 5),)),
        (quota(**{"is": ""}), (Quota("sector", {"en": "Towns"}, "sector", (), 3, None),)),
        (
            quota(question='"administration"', least="", most="2", **{"is": ""}),
            (Quota("sector", {"en": "Towns"}, "administration", (), None, 2, is_written=True),),
        ),
    ],
    ids=["none", "reserved seats", "a limit", "for each answer", "for each written answer"],
)
def test_quotas_are_read_from_the_edition_file(text, quotas):
    part, mistakes = read_file(text)
    assert (part.quotas, mistakes) == (quotas, [])


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (quota(most="5"), "either “least”, the seats that are reserved, or “most”, the limit"),
        (quota(least=""), "either “least”, the seats that are reserved, or “most”, the limit"),
        (quota(least="0"), "least"),
        (quota(**{"is": '["county"]'}), "has no option “county”"),
        (quota(question='"letter"'), "of the kinds choice, yes-no and text"),
        (quota(question='"nobody"'), "question"),
        (quota(question='"administration"'), "A text makes groups only by itself"),
        (quota(title=""), "“title” is missing"),
        (quota().replace("[country]", '[[call.quota]]\ncode = "sector"\nquestion = "sector"\nmost = 2\ntitle = { en = "T" }\n[country]'), "The code “sector” stands twice."),
        (quota(question='"remote"', **{"is": ""}).replace("[[call.rule]]", '[[call.section.question]]\ncode = "remote"\nkind = "yes-no"\ntitle = { en = "R" }\n[[call.rule]]'),
         "A question of yes or no makes one group"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_quota_is_said_in_words(text, mistake):
    _part, mistakes = read_file(text)
    assert any(mistake in said for said in mistakes), mistakes


@pytest.mark.usefixtures("app")
class TestLoading:
    def test_quotas_are_fixed_once_somebody_has_begun(self):
        call = a_call(form=with_regions())
        a_draft(call)
        with pytest.raises(Refused):
            opening.load(call.cohort.edition_id, {"IT": a_part(**QUOTED)}, None)

    @pytest.mark.parametrize(("least", "is_refused"), [(1, False), (2, True)])
    def test_no_more_seats_are_reserved_than_there_are(self, least, is_refused):
        cohort = a_cohort("IT", seats=3)
        part = a_part(form=with_regions(), quotas=(Quota("region", words("Regions"), "region", (), least, None),))
        if is_refused:
            with pytest.raises(Refused, match="6 places are reserved, but there are only 3"):
                opening.load(cohort.edition_id, {"IT": part}, None)
        else:
            opening.load(cohort.edition_id, {"IT": part}, None)
            assert [each["least"] for each in session.scalars(select(Call.quotas)).one()] == [1]


@pytest.mark.usefixtures("app")
class TestCallingUp:
    def test_the_next_is_called_up_whose_call_up_keeps_the_quotas(self):
        _call, people = a_selection([90, 85, 80, 75, 70, 65, 60], seats=3, answers=of_regions("islands", "north", "north", "north", "islands", "south", "south"), **QUOTED)
        assert standings(people) == ["offered", "offered", "offered", *["reserve"] * 4]
        leave = [(people[0].id, people[0].person_id), (people[1].id, people[1].person_id), (people[4].id, people[4].person_id)]
        seen = []
        with clock.frozen(LATER):
            for application_id, person_id in leave:
                actions.decline(application_id, by=person_id)
                seen.append([place for place, standing in enumerate(standings(people)) if standing == "offered"])
        # A seat of the islands goes to the islands while there are any, one of the north to the next in order.
        assert seen == [[1, 2, 4], [2, 3, 4], [2, 3, 5]]

    def test_a_seat_stays_free_rather_than_exceed_a_limit(self):
        _call, people = a_selection([90, 85, 80], seats=3, answers=of_regions("north", "north", "north"), **QUOTED)
        assert standings(people) == ["offered", "offered", "reserve"]

    def test_each_line_keeps_what_moved_it(self):
        call, people = a_selection(TOTALS, seats=3, answers=WHERE, **QUOTED)
        lines = {line.application_id: line for line in session.scalars(select(Place))}
        assert [(lines[each.id].groups, lines[each.id].moved_by) for each in people] == [
            (["region:north"], []),
            (["region:north"], []),
            (["region:north"], ["islands"]),
            (["region:south"], []),
            (["islands", "region:islands"], ["islands"]),
        ]
        assert judging.ranking_of(call.id).terms["quotas"] == [ISLANDS.stored(), REGIONS.stored()]


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def room_of(call):
    return f"/online_call/rooms/{call.cohort_id}"


class TestPages:
    def test_the_public_page_says_the_formula_sentence_by_sentence(self, client):
        a_call(**QUOTED)
        with clock.frozen(OPEN):
            page = text_of(client.get("/online_call/it"))
        for sentence in (
            "The seed of the draw: a seed",
            "From the islands: 1 place is reserved (“The region”: Islands).",
            "Regions: at most 2 places for each of these groups: North, South, Islands.",
            "One person takes one reserved place only",
            "Nobody gets a place beyond a limit",
            "A place that becomes free is given by the same rules",
        ):
            assert sentence in page

    def test_without_quotas_it_says_that_the_order_decides(self, client):
        a_call()
        with clock.frozen(OPEN):
            page = text_of(client.get("/online_call/it"))
        assert "The places are offered in the order of the ranking" in page
        assert "reserved" not in page

    def test_the_room_says_of_each_line_which_quota_moved_it_before_and_after(self, client, sign_in_as):
        call = a_call(seats=3, **QUOTED)
        call_id, address = call.id, room_of(call)
        _ids, coordinator = judged(call, TOTALS, WHERE)
        by = coordinator.id
        sign_in_as(client, coordinator)
        with clock.frozen(PUBLISHED):
            before = text_of(client.get(address))
            publishing.publish(call_id, by=by)
            after = text_of(client.get(address))
        for page in (before, after):
            assert page.count("Kept out by a quota: From the islands") == 1
            assert page.count("Brought in by a quota: From the islands") == 1
            assert "Cut-off:" not in page
        assert "18 Jan 2027, 12:00; Brought in by a quota" in after
        assert before.count("Place to offer") == 3
        assert "Publish the ranking and send 3 offers" in before

    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            (0, None),
            (2, "A quota kept you out at first: From the islands. By the order of the points alone you would have been offered a place."),
            (3, "A quota has brought in somebody with fewer points: that is why the cut-off lies below your total."),
            (4, "A quota brought you in: From the islands. By the order of the points alone you would have been on the reserve list."),
        ],
    )
    def test_an_applicant_reads_which_quota_decided_about_the_own_application(self, client, sign_in_as, who, sentence):
        call = a_call(seats=3, appeal_days=5, **QUOTED)
        ids, coordinator = judged(call, TOTALS, WHERE)
        call_id, by = call.id, coordinator.id
        sign_in_as(client, session.get(Person, session.get(Application, ids[who]).person_id))
        for at, publish in ((PUBLISHED, provisional.publish), (IN_PEACE, publishing.publish)):
            with clock.frozen(at):
                publish(call_id, by=by)
                page = text_of(client.get(f"/online_call/applications/{ids[who]}"))
            assert sentence in page if sentence else "A quota" not in page


class TestWhatIf:
    def asked(self, client, call, **but):
        address = room_of(call) + "/ranking"
        with clock.frozen(CLOSED):
            form = client.get(address)
            fields = dict(re.findall(r'name="(seats|suitable_from|gap|quota-[a-z]+)"[^>]* value="([^"]*)"', form.text))
            return client.post(address, data=fields | {name.replace("quota_", "quota-"): value for name, value in but.items()})

    @pytest.mark.parametrize(
        ("but", "lines"),
        [
            ({}, []),
            ({"seats": "4"}, [("75.00", "Would come in")]),
            ({"seats": "2"}, [("85.00", "Would go out")]),
            ({"quota_islands": ""}, [("75.00", "Would come in"), ("70.00", "Would go out")]),
            ({"quota_islands": "", "quota_region": "3"}, [("80.00", "Would come in"), ("70.00", "Would go out")]),
            ({"suitable_from": "71"}, [("75.00", "Would come in"), ("70.00", "Would go out")]),
        ],
    )
    def test_it_shows_who_would_come_in_and_who_would_go_out(self, client, sign_in_as, but, lines):
        call = a_call(seats=3, **QUOTED)
        _ids, coordinator = judged(call, TOTALS, WHERE)
        sign_in_as(client, coordinator)
        answer = self.asked(client, call, **but)
        rows = re.findall(r"(Would come in|Would go out).*?(\d\d\.\d\d)", text_of(answer))
        assert (answer.status_code, [(total, change) for change, total in rows]) == (200, lines)

    def test_nothing_is_written(self, client, sign_in_as):
        call = a_call(seats=3, **QUOTED)
        _ids, coordinator = judged(call, TOTALS, WHERE)
        sign_in_as(client, coordinator)
        before = [session.scalar(select(func.count()).select_from(table)) for table in (AuditLine, Place, Review)]
        assert self.asked(client, call, seats="1").status_code == 200
        session.rollback()
        assert [session.scalar(select(func.count()).select_from(table)) for table in (AuditLine, Place, Review)] == before
        assert session.scalars(select(Call)).one().quotas == [ISLANDS.stored(), REGIONS.stored()]

    def test_a_smaller_gap_says_how_many_third_evaluations_would_be_needed(self, client, sign_in_as):
        call = a_call(seats=3)
        ids, coordinator = judged(call, TOTALS)
        with transaction():
            session.execute(update(Review).where(Review.application_id == ids[0], Review.turn == 1).values(total=Decimal(80)))
        sign_in_as(client, coordinator)
        assert "Third evaluations that would be needed first" not in text_of(self.asked(client, call))
        assert "Third evaluations that would be needed first: 1." in text_of(self.asked(client, call, gap="9"))

    def test_with_a_larger_gap_a_third_evaluation_does_not_count(self, client, sign_in_as):
        call = a_call(seats=1)
        ids, coordinator = judged(call, [60, 70])
        by, call_id = coordinator.id, call.id
        with transaction():
            session.execute(update(Review).where(Review.application_id == ids[0], Review.turn == 1).values(total=Decimal(90)))
            one = session.scalars(select(Review).where(Review.application_id == ids[0], Review.turn == 1)).one()
            session.add(Review(application_id=ids[0], evaluator_id=by, turn=3, state="done", comment="", asked_at=CLOSED, done_at=CLOSED, total=Decimal(88)))
            assert one.total == 90
        sign_in_as(client, session.get(Person, by))
        call = session.get(Call, call_id)
        # With the third the two nearest count, 90 and 88; without it the mean of 90 and 60, which is 75 and still above 70.
        assert "Nobody would come in" in text_of(self.asked(client, call, gap="30"))
        with transaction():
            session.execute(update(Review).where(Review.application_id == ids[0], Review.turn == 1).values(total=Decimal(78)))
            session.execute(update(Review).where(Review.application_id == ids[0], Review.turn == 3).values(total=Decimal(76)))
            session.execute(update(Call).values(gap=Decimal(10)))
        # Now 77 against 70 with it, 69 against 70 without.
        page = text_of(self.asked(client, session.get(Call, call_id), gap="18"))
        assert re.findall(r"(Would come in|Would go out).*?(\d\d\.\d\d)", page) == [("Would come in", "70.00"), ("Would go out", "69.00")]

    @pytest.mark.parametrize(("but", "reason"), [({"quota_islands": "9"}, "9 places are reserved, but there are only 3."), ({"seats": "many"}, "Error")])
    def test_what_cannot_be_is_refused_in_the_form(self, client, sign_in_as, but, reason):
        call = a_call(seats=3, **QUOTED)
        _ids, coordinator = judged(call, TOTALS, WHERE)
        sign_in_as(client, coordinator)
        answer = self.asked(client, call, **but)
        assert (answer.status_code in {409, 422}, reason in text_of(answer)) == (True, True)

    def test_what_others_gave_stays_out_of_sight_of_whoever_has_still_to_evaluate(self, client, sign_in_as):
        call = a_call(seats=3, **QUOTED)
        ids, coordinator = judged(call, TOTALS, WHERE)
        by = coordinator.id
        with transaction():
            session.add(Review(application_id=ids[0], evaluator_id=by, turn=3, state="asked", comment="", asked_at=CLOSED))
        sign_in_as(client, session.get(Person, by))
        page = text_of(self.asked(client, session.scalars(select(Call)).one(), seats="4"))
        assert "Left out, since you have still to evaluate them: 1." in page

    @pytest.mark.parametrize(("who", "status"), [(0, 403), (2, 200)])
    def test_only_whoever_decides_about_the_selection_sees_it(self, client, sign_in_as, who, status):
        call = a_call(**QUOTED)
        sign_in_as(client, committee(call)[who])
        assert client.get(room_of(call) + "/ranking").status_code == status

    def test_it_costs_the_same_statements_for_two_as_for_forty(self, client, sign_in_as, statements):
        counts = []
        for country, number in (("IT", 2), ("RO", 40)):
            call = a_call(country, seats=3, **QUOTED)
            _ids, coordinator = judged(call, [90 - place for place in range(number)], of_regions(*["north", "islands"] * number)[:number])
            sign_in_as(client, coordinator)
            self.asked(client, call)
            with statements() as seen:
                self.asked(client, call, seats="1")
            counts.append(len(seen))
        assert counts[0] == counts[1]


class TestFoundAgain:
    def test_the_page_finds_the_published_list_once_more(self, client, sign_in_as):
        call, _people = a_selection(TOTALS, seats=3, answers=WHERE, **QUOTED)
        call_id, cohort_id = call.id, call.cohort_id
        sign_in_as(client, committee(call)[2])
        address = f"/online_call/rooms/{cohort_id}/ranking"
        page = text_of(client.get(address))
        assert "The same list, to the letter" in page
        assert page.count(judging.ranking_of(call_id).digest) == 2
        assert "What would change if" not in page

    @pytest.mark.parametrize("values", [{"total": Decimal("70.01")}, {"groups": []}], ids=lambda values: next(iter(values)))
    def test_a_line_that_was_changed_afterwards_shows(self, client, sign_in_as, values):
        call, people = a_selection(TOTALS, seats=3, answers=WHERE, **QUOTED)
        address, last = room_of(call) + "/ranking", people[-1].id
        sign_in_as(client, committee(call)[2])
        with transaction():
            session.execute(update(Place).where(Place.application_id == last).values(values))
        assert "Not the same list" in text_of(client.get(address))

    def test_it_can_be_found_again_when_the_answers_are_gone(self, client, sign_in_as):
        call, _people = a_selection(TOTALS, seats=3, answers=WHERE, **QUOTED)
        address = room_of(call) + "/ranking"
        sign_in_as(client, committee(call)[2])
        with transaction():
            session.execute(update(Application).values(answers={}))
        assert "The same list, to the letter" in text_of(client.get(address))
