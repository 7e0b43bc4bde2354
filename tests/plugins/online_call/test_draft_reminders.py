"""Whoever wants it is reminded of a draft before the call closes, once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import actions, opening
from inspire_lms.plugins.online_call.drafting import reminding
from inspire_lms.plugins.online_call.drafting.models import DraftReminder
from inspire_lms.plugins.online_call.models import Application, Attachment
from tests.builders import a_person, words
from tests.plugins.online_call.builders import CLOSES, OPEN, a_call, a_draft, a_part

pytestmark = pytest.mark.usefixtures("app")


def stored(application_id):
    session.rollback()
    return session.get(Application, application_id)


def owner(application):
    return session.get(Person, application.person_id)


def look(at):
    with clock.frozen(at):
        reminding.look()
        jobs.run_due()


SOON = CLOSES - timedelta(hours=48)


class TestReminder:
    """Who wants it is reminded of a draft once."""

    def wanted(self, call, **but):
        draft = a_draft(call, **but)
        with clock.frozen(OPEN):
            reminding.choose(draft.id, wanted=True, by=draft.person_id)
        return stored(draft.id)

    def told(self, outbox):
        return [mail.address for mail in outbox if mail.subject == "Your application is still a draft"]

    def test_only_drafts_of_those_who_want_it_are_reminded_of_and_once(self, outbox):
        call = a_call()
        draft, submitted, changed = self.wanted(call), self.wanted(call), self.wanted(call)
        a_draft(call)
        with clock.frozen(OPEN):
            actions.submit(submitted.id, by=submitted.person_id)
            reminding.choose(changed.id, wanted=False, by=changed.person_id)
        look(SOON - timedelta(seconds=1))
        assert self.told(outbox) == []
        for minutes in (0, 15, 30):
            look(SOON + timedelta(minutes=minutes))
        assert self.told(outbox) == [owner(stored(draft.id)).email]
        assert "Friday 11 December 2026, 12:00 (Italian time, CET)" in outbox[-1].text
        look(CLOSES + timedelta(minutes=1))
        assert len(self.told(outbox)) == 1

    def test_nobody_is_reminded_after_the_deadline_even_when_the_worker_was_late(self, outbox):
        draft = self.wanted(a_call())
        with clock.frozen(SOON):
            reminding.look()
        with clock.frozen(CLOSES):
            jobs.run_due()
        assert self.told(outbox) == []
        assert session.scalars(select(DraftReminder.reminded_for).where(DraftReminder.application_id == draft.id)).one() is None

    def test_a_call_that_is_prolonged_is_reminded_of_once_more(self, outbox):
        call = a_call()
        edition, zone = call.cohort.edition_id, call.cohort.country
        self.wanted(call)
        look(SOON)
        opening.load(edition, {zone: a_part(closes_at=CLOSES + timedelta(days=4), reason=words("More time for everybody."))}, None)
        look(SOON + timedelta(hours=1))
        assert len(self.told(outbox)) == 1
        look(SOON + timedelta(days=4))
        assert len(self.told(outbox)) == 2

    def test_it_comes_in_the_language_of_the_person_and_as_long_before_as_the_call_says(self, outbox):
        call = a_call("RO", draft_remind_hours=3)
        self.wanted(call, person=a_person(language="ro"))
        look(CLOSES - timedelta(hours=3, seconds=1))
        assert len(outbox) == 0
        look(CLOSES - timedelta(hours=3))
        assert [(mail.language, mail.subject) for mail in outbox] == [("ro", "Cererea dumneavoastră este încă o ciornă")]

    def test_the_box_on_the_draft_is_not_ticked_before_somebody_ticks_it(self, client, sign_in_as):
        draft = a_draft(a_call())
        number = draft.id
        sign_in_as(client, owner(draft))
        with clock.frozen(OPEN):
            page = client.get(f"/online_call/applications/{number}").text
            assert "Send me a mail on Wednesday 9 December 2026, 12:00 (Italian time, CET) if this is still a draft then." in page
            assert 'name="wanted" value="yes">' in page
            client.post(f"/online_call/applications/{number}/remind", data={"wanted": "yes"})
            assert 'name="wanted" value="yes" checked>' in client.get(f"/online_call/applications/{number}").text
            client.post(f"/online_call/applications/{number}/remind", data={})
        assert session.scalar(select(func.count()).select_from(DraftReminder)) == 0
        with clock.frozen(SOON):
            assert "Reminders went out on" in client.get(f"/online_call/applications/{number}").text
            assert client.post(f"/online_call/applications/{number}/remind", data={"wanted": "yes"}).status_code == 409

    def test_with_the_draft_the_wish_is_gone_and_nobody_wishes_for_somebody_else(self):
        draft = self.wanted(a_call())
        with pytest.raises(NotThere):
            reminding.choose(draft.id, wanted=False, by=a_person().id)
        actions.discard(draft.id, by=draft.person_id)
        assert session.scalar(select(func.count()).select_from(DraftReminder)) == 0
        assert session.scalar(select(func.count()).select_from(Attachment)) == 0
