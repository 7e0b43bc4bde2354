"""Many at once, in threads and in processes, on both engines: nobody gets an error, nobody too many a place, no number twice."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import db, session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.programmes import queries as taking_part
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.appealing import filing
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.applying import actions as applying
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.correcting import publishing as corrected_lists
from inspire_lms.plugins.online_call.drafting import saving, versions
from inspire_lms.plugins.online_call.judging import reviewing
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering import actions, leaving, publishing
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.publishing import auditing as publishing_audit
from inspire_lms.plugins.online_call.publishing import provisional
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.rules import Standing
from tests.builders import a_person, an_administrator
from tests.plugins.online_call.builders import (
    ISLANDS,
    OFFER_UNTIL,
    OPEN,
    PUBLISHED,
    REGIONS,
    a_call,
    a_draft,
    a_selection,
    judged,
    of_regions,
    standings,
    with_regions,
)
from tests.plugins.online_call.lists import APPEAL_UNTIL, IN_PEACE, a_provisional_list

pytestmark = pytest.mark.both_engines
LATER = PUBLISHED + timedelta(days=1)
ROOT = Path(__file__).parents[3]
PROCESSES = 3


def at_once(app, deeds, *, at=LATER):
    """Do all deeds in threads that start together; gives what each returned, or that it was refused."""
    start = Barrier(len(deeds))

    def one(deed):
        with app.app_context(), clock.frozen(at):
            start.wait()
            try:
                return deed()
            except Refused:
                return "refused"
            finally:
                db.session.remove()

    session.rollback()
    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def offer_to_all(applications):
    """Make the harder case, which publishing never makes: an offer for everybody, three times as many as there are seats."""
    everybody = [each.id for each in applications]
    with transaction():
        ranking = session.scalars(select(Ranking)).one()
        ranking.seats = ranking.held = len(everybody)
        session.execute(
            update(Place).where(Place.application_id.in_(everybody)).values(standing=Standing.OFFERED, offered_at=PUBLISHED, offer_until=OFFER_UNTIL)
        )


ACCEPT = """
import sys
from datetime import datetime
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
from inspire_lms.app import create_app
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import db
from inspire_lms.plugins.online_call.offering import actions
from inspire_lms.settings import Settings

instance, database, at, *pairs = sys.argv[1:]
app = create_app(Settings(instance=Path(instance), database_url=database, secret_key="s", argon2_cheap=True))

def accept(pair):
    application, person = map(int, pair.split(":"))
    with app.app_context(), clock.frozen(datetime.fromisoformat(at)):
        try:
            return str(actions.accept(application, by=person))
        finally:
            db.session.remove()

print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(10) as pool:
    print(" ".join(pool.map(accept, pairs)), flush=True)
"""


def test_sixty_accept_at_the_same_moment_in_several_processes_for_twenty_places(app, database):
    call, applications = a_selection([100 - each / 10 for each in range(60)], seats=20)
    cohort_id = call.cohort_id
    offer_to_all(applications)
    pairs = [f"{each.id}:{each.person_id}" for each in applications]
    session.rollback()
    command = [sys.executable, "-c", ACCEPT, app.config["INSPIRE"].instance, database, LATER.isoformat()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen([*command, *pairs[own::PROCESSES]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for own in range(PROCESSES)
    ]
    for each in started:
        assert each.stdout.readline() == "ready\n", each.stderr.read()
    for each in started:
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120) for each in started]
    answers = sorted(" ".join(out for out, _errors in said).split())
    assert (answers, [each.returncode for each in started]) == (["accepted"] * 20 + ["reserve"] * 40, [0] * PROCESSES), said
    session.rollback()
    assert len(taking_part.members(cohort_id)) == 20
    assert session.scalars(select(Cohort.taken).where(Cohort.id == cohort_id)).one() == 20
    assert sorted(standings(applications)) == ["accepted"] * 20 + ["reserve"] * 40


def test_sixty_press_accept_at_once_and_nobody_sees_an_error_page(app, sign_in_as):
    call, applications = a_selection([100 - each / 10 for each in range(60)], seats=20)
    cohort_id = call.cohort_id
    offer_to_all(applications)

    def press(application_id, person_id):
        from inspire_lms.kernel.people.models import Person

        visitor = app.test_client()
        sign_in_as(visitor, session.get(Person, person_id))
        address = f"/online_call/applications/{application_id}"
        first = visitor.post(f"{address}/accept")
        return first.status_code, visitor.get(address).status_code

    deeds = [lambda a=each.id, p=each.person_id: press(a, p) for each in applications]
    assert at_once(app, deeds) == [(303, 200)] * 60
    session.rollback()
    assert len(taking_part.members(cohort_id)) == 20


def test_two_who_leave_at_the_same_moment_call_up_exactly_two(app):
    _call, applications = a_selection([90, 85, 80, 75, 70, 65], seats=2)
    deeds = [lambda a=each.id, p=each.person_id: actions.decline(a, by=p) for each in applications[:2]]
    assert at_once(app, deeds) == [None, None]
    assert standings(applications) == ["declined", "declined", "offered", "offered", "reserve", "reserve"]


def test_two_who_leave_at_the_same_moment_call_up_those_who_keep_the_quotas(app):
    where = of_regions("islands", "north", "north", "north", "south", "islands")
    _call, applications = a_selection([90, 85, 80, 75, 70, 65], seats=3, answers=where, form=with_regions(), quotas=(ISLANDS, REGIONS))
    assert standings(applications) == ["offered", "offered", "offered", "reserve", "reserve", "reserve"]
    deeds = [lambda a=each.id, p=each.person_id: actions.decline(a, by=p) for each in applications[:2]]
    assert at_once(app, deeds) == [None, None]
    assert standings(applications) == ["declined", "declined", "offered", "offered", "reserve", "offered"]


def test_two_coordinators_who_publish_at_the_same_moment_publish_each_list_once(app):
    call = a_call(seats=1, appeal_days=5)
    call_id = call.id
    _ids, coordinator = judged(call, [90, 80])
    by = coordinator.id
    assert sorted(at_once(app, [lambda: provisional.publish(call_id, by=by).number] * 4, at=PUBLISHED), key=str) == [1, "refused", "refused", "refused"]
    assert sorted(at_once(app, [lambda: publishing.publish(call_id, by=by)] * 4, at=IN_PEACE), key=str)[1:] == ["refused"] * 3
    assert list(session.scalars(select(Publication.kind).order_by(Publication.number))) == ["provisional", "final"]
    assert [*publishing_audit.reproducible()] == []


def test_a_corrected_list_and_an_answer_at_the_same_moment_keep_seats_and_order(app):
    call, people = a_selection([90, 85, 80], seats=1)
    call_id, by = call.id, (an_administrator().id, an_administrator().id)
    leaver, person, wronged = people[0].id, people[0].person_id, people[2].id
    with clock.frozen(PUBLISHED):
        correcting.confirm(correcting.propose(wronged, "A court has decided.", by=by[0]).id, by=by[1])
        for review in session.scalars(select(Review).where(Review.state == "asked")).all():
            reviewing.give(review.id, {"motivation": 60, "transfer": 39}, "", by=review.evaluator_id)
    deeds = [lambda: corrected_lists.publish(call_id, by=by[0]).number] * 2 + [lambda: actions.decline(leaver, by=person)]
    assert sorted(at_once(app, deeds), key=str) == [2, None, "refused"]
    # The place went to whoever was next by the list of that moment, and to nobody else.
    assert standings(people) in (["declined", "reserve", "offered"], ["declined", "offered", "reserve"])
    assert [*publishing_audit.reproducible()] == []


def test_an_appeal_and_the_final_list_at_the_same_moment_follow_each_other(app):
    call, (first, _second), coordinator = a_provisional_list([90, 80])
    call_id, one, by, answerer = call.id, first.id, first.person_id, coordinator.id

    def appeal():
        with clock.frozen(APPEAL_UNTIL - timedelta(seconds=1)):
            return filing.file(one, "Look again.", by=by).number

    at_once(app, [appeal, appeal, lambda: publishing.publish(call_id, by=answerer)], at=IN_PEACE)
    session.rollback()
    filed, final = len(list(session.scalars(select(Appeal.id)))), len(list(session.scalars(select(Ranking.id))))
    assert (filed, final) in ((1, 0), (0, 1))


def test_one_who_declines_twice_at_the_same_moment_calls_up_one(app):
    _call, applications = a_selection([90, 85, 80], seats=1)
    leaver, by = applications[0].id, applications[0].person_id
    deeds = [lambda: actions.decline(leaver, by=by)] * 4 + [lambda: leaving.withdraw(leaver, by=by)] * 2
    at_once(app, deeds)
    assert standings(applications)[1:] == ["offered", "reserve"]


def test_an_offer_that_is_accepted_and_lapses_in_the_same_moment_is_one_or_the_other(app):
    _call, applications = a_selection([90, 85, 80], seats=1)
    one, by = applications[0].id, applications[0].person_id
    with app.app_context():
        place_id = session.scalars(select(Place.id).where(Place.application_id == one)).one()
        session.rollback()
    before, after = OFFER_UNTIL - timedelta(seconds=1), OFFER_UNTIL

    def accept():
        with clock.frozen(before):
            return actions.accept(one, by=by)

    def lapse():
        with clock.frozen(after):
            return actions.lapse(place_id)

    at_once(app, [accept, lapse, lapse, accept])
    assert standings(applications) in (["accepted", "reserve", "reserve"], ["lapsed", "offered", "reserve"])


def test_whoever_submits_at_the_same_moment_gets_a_number_of_their_own(app, outbox):
    call = a_call()
    drafts = [a_draft(call) for _each in range(12)]
    deeds = [lambda a=each.id, p=each.person_id: applying.submit(a, by=p) for each in drafts for _twice in range(2)]
    assert at_once(app, deeds, at=OPEN) == [None] * 24
    found = sorted(session.scalars(select(Application.protocol_number)))
    assert found == [f"INSPIREPA-IT-2026-{number:06d}" for number in range(1, 13)]
    assert len(outbox) == 12


def test_two_windows_that_begin_at_the_same_moment_share_one_draft(app):
    call_id, by = a_call().id, a_person().id
    begun = at_once(app, [lambda: applying.begin(call_id, by=by)] * 6, at=OPEN)
    assert set(begun) == {session.scalars(select(Application.id)).one()}


def test_two_devices_that_save_at_once_lose_nothing_in_silence(app):
    draft = a_draft(a_call())
    number, by = draft.id, draft.person_id
    seen = versions.told(["challenge"], draft.answers)
    texts = ["From the desk.", "From the train.", "From the phone."]
    saved = at_once(app, [lambda text=text: saving.save(number, {"challenge": text}, seen=seen, by=by) for text in texts], at=OPEN)
    kept = session.get(Application, number).answers["challenge"]
    assert [each.answers.get("challenge") or each.overtaken["challenge"] for each in saved] == [kept, kept, kept]
    assert sorted(len(each.overtaken) for each in saved) == [0, 1, 1]
