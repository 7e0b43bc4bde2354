"""Everything that people can do to a selection. Each deed takes three small numbers: who or which, by whom, and how.

A deed that nobody can do now is refused, and then nothing at all has changed.
"""

from collections import Counter
from decimal import Decimal
from io import BytesIO

from sqlalchemy import update

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.programmes import directory
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.programmes.rules import why_not_seats
from inspire_lms.plugins.online_call.appealing import answering as appeals
from inspire_lms.plugins.online_call.appealing import filing
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.applying import actions as applying
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.correcting import actions as corrections
from inspire_lms.plugins.online_call.correcting import publishing as corrected
from inspire_lms.plugins.online_call.judging import deciding, replacing, reviewing
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.mending import actions as mending
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.overriding import answering as overrides
from inspire_lms.plugins.online_call.publishing import provisional
from tests.builders import PASSWORD, words
from tests.plugins.online_call.builders import ANSWERS, PDF, a_part
from tests.plugins.online_call.walking import ground

TOTALS = (90, 80, 70, 80, 55, 40, 99)
"""Points that evaluators give: some are the same, some too far apart, one does not suffice."""
REGIONS = ("north", "south", "islands")
DEEDS = (
    "apply", "submit", "discard", "withdraw", "ask_to_mend", "mend", "decide", "confirm_clear", "answer_override", "give", "sit", "step_back",
    "ask", "take_back", "leave_committee", "join_committee", "publish", "publish_provisionally", "publish_finally", "publish_corrected", "appeal", "withdraw_appeal",
    "answer_appeal", "correct", "answer_correction", "accept", "decline", "merge", "erase", "resize",
)  # fmt: skip
OWN = frozenset({"apply", "submit", "discard", "withdraw", "mend", "appeal", "accept", "decline"})
"""Deeds of somebody who is signed in, which nobody is whose account is gone."""


class Walk:
    """One selection, who is in it, what the clock says, and what was done so far."""

    def __init__(self, stage):
        """Begin where a *stage* of story.py has ended."""
        ground.restore(stage.rows)
        self.call_id, self.cohort_id, self.context_id, self.people, self.at = stage.call_id, stage.cohort_id, stage.context_id, list(stage.people), stage.at
        self.evaluators, self.coordinators, self.administrator, self.rules = stage.evaluators, stage.coordinators, stage.administrator, stage.rules
        self.done, self.refused, self.published, self.log = Counter(), Counter(), {}, [stage.name]
        self.now = ground.look()
        self.look()

    @property
    def staff(self):
        return (*self.coordinators, self.administrator, *self.evaluators)

    def do(self, deed, who=0, by=0, how=0):
        """Try a deed; say whether it was done. What is refused changes nothing."""
        with clock.frozen(self.at):
            try:
                self.nobody_gone(deed, who)
                getattr(self, deed)(who, by, how)
            except (Refused, Invalid, NotThere) as no:
                self.refused[deed] += 1
                self.log.append((f"{self.at:%d.%m. %H:%M:%S}", deed, who, by, how, f"{type(no).__name__}: {no}"))
                self.has_changed = ground.look() != self.now
                assert not self.has_changed, f"{deed} was refused and has changed something, after {self.log}"
                return False
            self.work()
        self.done[deed] += 1
        if deed == "withdraw" and any(each.application_id == self.own(who) and each.standing in {"offered", "accepted"} for each in self.now["online_call_place"]):
            self.done["late withdrawal"] += 1
        self.log.append((f"{self.at:%d.%m. %H:%M:%S}", deed, who, by, how))
        self.look()
        return True

    def look(self):
        """See what there is now."""
        self.before, self.now, self.has_changed = self.now, ground.look(), True

    def nobody_gone(self, deed, who):
        """Refuse what only somebody signed in can do to those whose account is gone."""
        if deed in OWN and any(each.id == self.people[who] and each.erased_at for each in self.now["people_person"]):
            raise NotThere

    def work(self):
        """What follows of a deed is done at once."""
        while jobs.run_due():
            pass

    def let_pass(self, passes, *, is_awake=True):
        """Let time pass; the worker has a look, unless it sleeps."""
        self.at += passes
        with clock.frozen(self.at):
            if is_awake:
                offering.lapse_due()
                offering.remind_due()
                replacing.replace_absent()
                self.work()
        self.look()

    def deadlines(self):
        """The moments to come at which something ends."""
        call = self.now["online_call_call"][0]
        found = {call.opens_at, call.closes_at, call.reserve_until}
        found |= {each.offer_until for each in self.now["online_call_place"] if each.standing == "offered"}
        found |= {each.appeal_until for each in self.now["online_call_publication"]} | {each.until for each in self.now["online_call_mending"]}
        return sorted(each for each in found if each is not None and each > self.at)

    def own(self, who):
        """The application of a person, or a number that is none."""
        mine = [each.id for each in self.now["online_call_application"] if each.person_id == self.people[who]]
        return mine[0] if mine else 0

    def whom(self, deed, who):
        """Somebody of whom a deed can be expected now, if there is anybody."""
        own, lines = {each.person_id: each for each in self.now["online_call_application"]}, {each.application_id: each.standing for each in self.now["online_call_place"]}
        asked = {each.application_id for each in self.now["online_call_mending"] if not each.mended_at}
        suits = {
            "apply": lambda mine: mine is None,
            "submit": lambda mine: mine and mine.state == "draft",
            "discard": lambda mine: mine and mine.state == "draft",
            "decide": lambda mine: mine and mine.state == "submitted",
            "ask_to_mend": lambda mine: mine and mine.state == "submitted",
            "mend": lambda mine: mine and mine.id in asked,
            "appeal": lambda mine: mine and mine.state in {"eligible", "not_eligible"},
            "correct": lambda mine: mine and mine.state in {"eligible", "not_eligible"},
            "accept": lambda mine: mine and lines.get(mine.id) == "offered",
            "decline": lambda mine: mine and lines.get(mine.id) == "offered",
        }.get(deed, bool)
        found = [place for place, person in enumerate(self.people) if suits(own.get(person))]
        return found[who % len(found)] if found else who

    def nth(self, table, place, *, first):
        """One row of a table: one in the state *first* while there is any, but now and then another."""
        rows = sorted(self.now[table], key=lambda each: (each.state != first, each.id))
        found = [each for each in rows if each.state == first and place % 4 != 3] or rows
        if not found:
            raise NotThere
        return found[place % len(found)]

    def foretold(self, reason, deed):
        """Do what a page offers, or not: the reason that it shows is the one that is given."""
        told = str(reason) if reason else None
        session.rollback()
        try:
            deed()
        except Refused as no:
            assert told == str(no.reason), f"the page says {told}, the action {no.reason}"
            raise
        assert told is None, f"the page says {told}, and it was done"

    def application(self, who):
        found = session.get(Application, self.own(who), populate_existing=True)
        if found is None or found.submitted_at is None:
            raise NotThere
        return found

    # What applicants do.

    def apply(self, who, by, how):
        person = self.people[who]
        with clock.frozen(self.at):
            draft = applying.begin(self.call_id, by=person)
        employed, region = ("no" if how % 5 == 4 else "yes"), REGIONS[by % 3]
        administration = ANSWERS["administration"] if who % 4 else "Regione Prova"
        applying.save(draft, ANSWERS | {"employed": employed, "region": region, "administration": administration}, by=person)
        applying.attach(draft, "authorisation", BytesIO(PDF), "nulla osta.pdf", by=person)
        if how % 3:
            applying.submit(draft, by=person)

    def submit(self, who, by, how):
        was = [each.submitted_at for each in self.now["online_call_application"] if each.id == self.own(who)]
        applying.submit(self.own(who), by=self.people[who])
        if any(was):
            assert ground.look() == self.now, "submitted twice is not submitted once"

    def discard(self, who, by, how):
        applying.discard(self.own(who), by=self.people[who])

    def withdraw(self, who, by, how):
        leaving.withdraw(self.own(who), by=self.people[who])

    def mend(self, who, by, how):
        answers = {"administration": "Provincia di Prova", "employed": "no" if how == 4 else "yes"}
        uploads = {"authorisation": (BytesIO(PDF), "nuovo.pdf")} if how != 3 else {}
        mending.mend(self.own(who), answers, uploads, by=self.people[who])

    def appeal(self, who, by, how):
        application, words = self.application(who), "" if how == 5 else "It was not read to the end."
        self.foretold(filing.why_not(application), lambda: filing.file(self.own(who), words, by=self.people[who]))

    def withdraw_appeal(self, who, by, how):
        filing.withdraw(self.nth("online_call_appeal", who, first="open").id, by=self.people[by])

    def accept(self, who, by, how):
        offering.accept(self.own(who), by=self.people[who], by_mail=bool(how % 2))

    def decline(self, who, by, how):
        offering.decline(self.own(who), by=self.people[who])

    # What the committee does.

    def ask_to_mend(self, who, by, how):
        reason, wanted = asking.why_not(self.application(who), self.staff[by % 3]), ("authorisation", "employed")[: 1 + how % 2]
        self.foretold(reason, lambda: asking.ask(self.own(who), wanted, "It cannot be read.", by=self.staff[by % 3]))

    def decide(self, who, by, how):
        reason, said = deciding.why_not(self.application(who), self.staff[by % 3]), "Seen." if how else ""
        self.foretold(reason, lambda: deciding.decide(self.own(who), is_eligible=bool(how % 2), note=said, by=self.staff[by % 3]))

    def confirm_clear(self, who, by, how):
        deciding.confirm_clear(self.call_id, by=self.staff[by % 3])

    def answer_override(self, who, by, how):
        proposal = self.nth("online_call_override", who, first="proposed").id
        self._answer(overrides, proposal, self.staff[by % 3], how)

    def give(self, who, by, how):
        review = self.nth("online_call_review", who, first="done" if by == 1 else "asked")
        self._give(review, TOTALS[how % len(TOTALS)])

    def sit(self, who, by, how):
        """Give all evaluations that are asked for, one by one."""
        asked = [each for each in self.now["online_call_review"] if each.state == "asked"]
        if not asked:
            raise NotThere
        for place, review in enumerate(asked):
            # What is given first can take the request for a third back.
            try:
                self._give(review, TOTALS[(how + review.application_id * 3 + place % 2) % len(TOTALS)])
            except (Refused, NotThere):
                if place == 0:
                    raise

    def step_back(self, who, by, how):
        review = self.nth("online_call_review", who, first="asked")
        (reviewing.declare_conflict if how % 2 else reviewing.abstain)(review.id, "We were colleagues." if how else "", by=review.evaluator_id)

    def ask(self, who, by, how):
        reviewing.ask(self.own(who), self.staff[by % len(self.staff)], by=self.coordinators[0])

    def take_back(self, who, by, how):
        replacing.take_back(self.nth("online_call_review", who, first="asked").id, "Ill for weeks." if how else "", by=self.coordinators[0])

    def leave_committee(self, who, by, how):
        access.revoke(self.evaluators[who % len(self.evaluators)], "evaluator", self.context_id, by=self.administrator)
        replacing.replace_absent()

    def join_committee(self, who, by, how):
        access.grant(self.evaluators[who % len(self.evaluators)], "evaluator", self.context_id, by=self.administrator)

    def publish(self, who, by, how):
        """Publish the list that comes next."""
        if self.now["online_call_ranking"]:
            self.publish_corrected(who, by, how)
        elif self.now["online_call_publication"]:
            self.publish_finally(who, by, how)
        else:
            self.publish_provisionally(who, by, how)

    def publish_provisionally(self, who, by, how):
        self._publish(provisional.publish, by, is_next=not self.now["online_call_publication"])

    def publish_finally(self, who, by, how):
        self._publish(publishing.publish, by, is_next=bool(self.now["online_call_publication"]))

    def publish_corrected(self, who, by, how):
        corrected.publish(self.call_id, by=self.staff[by % 3])

    def answer_appeal(self, who, by, how):
        appeal = session.get(Appeal, self.nth("online_call_appeal", who, first="open").id, populate_existing=True)
        reason, number, said = appeals.why_not(appeal, self.staff[by % 3]), appeal.id, "Read anew." if how else ""
        self.foretold(reason, lambda: appeals.answer(number, is_upheld=bool(how % 2), words=said, by=self.staff[by % 3]))

    def correct(self, who, by, how):
        reason = corrections.why_not_propose(self.application(who), self.staff[by % 3])
        self.foretold(reason, lambda: corrections.propose(self.own(who), "A court has decided." if how else "", by=self.staff[by % 3]))

    def answer_correction(self, who, by, how):
        self._answer(corrections, self.nth("online_call_correction", who, first="proposed").id, self.staff[by % 3], how)

    def merge(self, who, by, how):
        """Two accounts turn out to be one person; the one that goes can be in no course and have no role."""
        others = (*self.people, self.evaluators[0], self.coordinators[1])
        leaves, stays = self.people[who], others[(by + 3 * how) % len(others)]
        held = Reason("This account has a place in a course or a role.")
        erasing.merge(leaves, stays, by=self.administrator, why_not=lambda person: held if directory.is_bound(person) else None)
        self.people = [stays if each == leaves else each for each in self.people]

    def resize(self, who, by, how):
        """Load the call again for more places or fewer."""
        call = session.get(Call, self.call_id, populate_existing=True)
        cohort, part = call.cohort, a_part(**self.rules, reason=words(f"Load {len(self.log)}"))
        where, seats = (cohort.edition_id, cohort.country), 1 + how % 5
        # The kernel looks at this while it reads the file.
        if reason := why_not_seats(seats, cohort.taken):
            raise Refused(reason)
        with transaction():
            session.execute(update(Cohort).where(Cohort.id == self.cohort_id).values(seats=seats))
            opening.load(where[0], {where[1]: part}, self.administrator)

    def erase(self, who, by, how):
        erasing.erase(self.people[who], PASSWORD, why_not=lambda person: Reason("A role.") if person in self.staff else None)

    def _publish(self, publish, by, *, is_next):
        call, person = session.get(Call, self.call_id, populate_existing=True), self.staff[by % 3]
        if is_next and not judging.is_published(self.call_id):
            self.foretold(publishing.why_not(call, publishing.Unsettled.of(judging.judged(call))), lambda: publish(self.call_id, by=person))
        else:
            publish(self.call_id, by=person)

    def _give(self, review, total):
        motivation = min(Decimal(60), Decimal(total))
        reviewing.give(review.id, {"motivation": motivation, "transfer": Decimal(total) - motivation}, "", by=review.evaluator_id)

    def _answer(self, answered, number, by, how):
        if how % 4 == 3:
            answered.take_back(number, by=by)
        elif how % 4 == 2:
            answered.send_back(number, "" if how > 4 else "Not so.", by=by)
        else:
            answered.confirm(number, by=by)

