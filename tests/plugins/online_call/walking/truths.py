"""What must hold of a selection after every step, found from the rows alone; each breach is named."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from itertools import combinations

from flask import g

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.appealing import queries as appealing
from inspire_lms.plugins.online_call.correcting import queries as correcting
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging import room
from inspire_lms.plugins.online_call.mending import queries as mending
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.overriding import queries as overriding
from inspire_lms.plugins.online_call.pending import queries as pending
from inspire_lms.plugins.online_call.plugin import plugin
from tests.plugins.online_call.rooms import forget

HOLDING, GONE = {"offered", "accepted"}, {"declined", "lapsed", "withdrawn"}
AFTER = {
    "unsuitable": {"unsuitable", "reserve", "offered", "withdrawn"},
    "reserve": {"reserve", "unsuitable", "offered", "withdrawn"},
    "offered": {"offered", "accepted", "declined", "lapsed", "withdrawn"},
    "accepted": {"accepted", "withdrawn"},
    **{each: {each} for each in GONE},
}
"""What a line can be one step later."""
MOST_OF_A_REGION = 2


def breaches(walk, app):
    """Say what does not hold."""
    for truth in (applications, numbers, evaluations, decisions, appeals, publications, lists, places, call_up, people, work):
        yield from (f"{truth.__name__}: {breach}" for breach in truth(walk.before, walk.now, walk))
    yield from (f"{name}: {breach}" for name, audit in plugin.audits.items() for breach in audit())
    yield from (f"counts: {breach}" for breach in counts(walk.now, walk, app))


def applications(before, now, walk):
    """What counts came while the call was open; what was handed in stays as it is, unless it was to be mended."""
    call, was = now["online_call_call"][0], {each.id: each for each in before["online_call_application"]}
    mended = {each.application_id for each in now["online_call_mending"] if each.mended_at}
    for each in now["online_call_application"]:
        if each.submitted_at is not None and not call.opens_at <= each.submitted_at < call.closes_at:
            yield f"{each.id} was submitted at {each.submitted_at}"
        if each.decided_at is not None and each.decided_at < call.closes_at:
            yield f"{each.id} was decided on while the call was open"
        old = was.get(each.id)
        if old and old.submitted_at and (each.protocol_number, each.submitted_at) != (old.protocol_number, old.submitted_at):
            yield f"{each.id} has another number or time"
        if old and old.submitted_at and each.id not in mended and each.answers not in (old.answers, {}):
            yield f"{each.id} has other answers"
    gone = {each.id for each in was.values() if each.submitted_at} - {each.id for each in now["online_call_application"]}
    if gone:
        yield f"{gone} were submitted and are no more"


def numbers(before, now, walk):
    """The numbers of a country have no gap."""
    given = sorted(int(each.protocol_number[-6:]) for each in now["online_call_application"] if each.protocol_number)
    if given != list(range(1, now["online_call_register"][0].last + 1)):
        yield f"given are {given}"


def evaluations(before, now, walk):
    """Nobody evaluates the own application or a colleague's; marks make the total; what is settled changes only where it was opened again."""
    own, marks = {each.id: each for each in now["online_call_application"]}, Counter()
    for each in now["online_call_mark"]:
        marks[each.review_id] += each.points
    was = {each.id: each for each in before["online_call_review"]}
    for each in now["online_call_review"]:
        application = own[each.application_id]
        is_fixed = each.state == "done" and before["online_call_publication"]
        if application.person_id == each.evaluator_id and each.state in {"asked", "done"} and not is_fixed:
            yield f"{each.id} is about the evaluator"
        if application.administration == "Regione Prova" and each.evaluator_id == walk.evaluators[2] and each.id not in was:
            yield f"{each.id} is about a colleague"
        if application.state == "withdrawn" and each.state == "asked":
            yield f"{each.id} is asked for, and the application is withdrawn"
        if each.state == "done" and each.total != marks[each.id]:
            yield f"{each.id} has a total of {each.total}, and marks of {marks[each.id]}"
        old = was.get(each.id)
        if before["online_call_publication"] and old and old.state == "done" and each.state == "done" and each.total != old.total:
            yield f"{each.id} has other marks, and nothing was opened again"


def decisions(before, now, walk):
    """Against what the rules found there are two people; nothing waits about who is out."""
    found, out = {}, {each.id for each in now["online_call_application"] if each.state == "withdrawn"}
    for each in now["online_call_outcome"]:
        found.setdefault(each.application_id, set()).add(each.finding)
    confirmed = {(each.application_id, each.is_eligible) for each in now["online_call_override"] if each.state == "confirmed"}
    for each in now["online_call_application"]:
        rules = found.get(each.id, set())
        if each.state == "eligible" and "fail" in rules and (each.id, True) not in confirmed:
            yield f"{each.id} is eligible against the rules, by one person"
        if each.state == "not_eligible" and rules == {"pass"} and (each.id, False) not in confirmed:
            yield f"{each.id} is not eligible against the rules, by one person"
    waiting = {each.application_id for each in now["online_call_override"] if each.state == "proposed"}
    waiting |= {each.application_id for each in now["online_call_appeal"] if each.state == "open"}
    waiting |= {each.application_id for each in now["online_call_correction"] if each.state == "proposed"}
    if waiting & out:
        yield f"something waits about {waiting & out}, who are out"
    for each in (*now["online_call_override"], *now["online_call_correction"]):
        if each.state in {"confirmed", "reopened", "published"} and each.answered_by_id == each.proposed_by_id:
            yield f"{each.id} was confirmed by who had proposed it"


def appeals(before, now, walk):
    """Appeals come in time, once, and are answered by who had no part in it; the final list waits for them."""
    lists = {each.id: each for each in now["online_call_publication"]}
    was = {each.id: each.state for each in before["online_call_appeal"]}
    owner = {each.id: each.person_id for each in now["online_call_application"]}
    for each in now["online_call_appeal"]:
        if each.filed_at >= lists[each.publication_id].appeal_until:
            yield f"{each.id} came at {each.filed_at}"
        evaluators = {one.evaluator_id for one in now["online_call_review"] if one.application_id == each.application_id}
        is_new = was.get(each.id) == "open" and each.answered_at
        if is_new and (each.answered_by_id == owner[each.application_id] or (each.about == "points" and each.answered_by_id in evaluators)):
            yield f"{each.id} was answered by who had a part in it"
    if now["online_call_ranking"] and not before["online_call_ranking"]:
        open_ones = [each.id for each in now["online_call_appeal"] if each.state == "open"]
        if open_ones or any(each.appeal_until and walk.at < each.appeal_until for each in lists.values()):
            yield f"the final list did not wait: {open_ones}"


def publications(before, now, walk):
    """What was published stays as it was, to the byte."""
    kinds = [each.kind for each in now["online_call_publication"]]
    if kinds != ["provisional", "final", *(["corrected"] * (len(kinds) - 2))][: len(kinds)]:
        yield f"the lists are {kinds}"
    for each in now["online_call_publication"]:
        if walk.published.setdefault(each.number, each) != each:
            yield f"no. {each.number} is not what it was"


def lists(before, now, walk):
    """A new list is what its evaluations give, put in order by other means; its minutes count what there is."""
    new = [each for each in now["online_call_publication"] if each not in before["online_call_publication"]]
    for each in new:
        said = [(line["number"], line["total"]) for line in each.lines]
        if each.kind != "corrected" and said != _by_hand(now):
            yield f"no. {each.number} is {said}, and by hand it is {_by_hand(now)}"
        if each.kind == "corrected":
            again = {one.application_id for one in before["online_call_correction"] if one.state == "reopened"}
            named = {one.protocol_number for one in now["online_call_application"] if one.id in again}
            old = {line["number"]: line["total"] for line in before["online_call_publication"][-1].lines}
            changed = {number for number, total in said if old.get(number) != total}
            if changed - named:
                yield f"no. {each.number} changes {changed - named}, which nobody had opened again"
        states = Counter(one.state for one in now["online_call_application"] if one.state != "draft")
        if each.minutes["states"] != states or len(each.minutes["appeals"]) != len(now["online_call_appeal"]):
            yield f"the minutes of no. {each.number} count otherwise"


def _by_hand(now):
    """Put the eligible in order: mean of the nearest totals, points for the motivation, time, draw."""
    criteria = {each.code: each.id for each in now["online_call_criterion"]}
    found = []
    for each in now["online_call_application"]:
        if each.state != "eligible":
            continue
        done = [one for one in now["online_call_review"] if one.application_id == each.id and one.state == "done"]
        if len(done) > 2:
            pairs = list(combinations(done, 2))
            least = min(abs(one.total - other.total) for one, other in pairs)
            done = list({one.id: one for pair in pairs if abs(pair[0].total - pair[1].total) == least for one in pair}.values())
        counted = {one.id for one in done}
        points = sum(one.points for one in now["online_call_mark"] if one.review_id in counted and one.criterion_id == criteria["motivation"])
        total, motivation = (_mean(value, len(done)) for value in (sum(one.total for one in done), points))
        lot = sha256(f"a seed:{each.protocol_number}".encode()).hexdigest()
        found.append((-total, -motivation, each.submitted_at, lot, each.protocol_number))
    return [(number, f"{-total:.2f}") for total, _motivation, _at, _lot, number in sorted(found)]


def _mean(value, of):
    return (Decimal(value) / of).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def places(before, now, walk):
    """Every line stands where the last list has it, and becomes only what it can; never more places than seats."""
    call, lines = now["online_call_call"][0], sorted(now["online_call_place"], key=lambda each: each.position)
    was, own = {each.id: each for each in before["online_call_place"]}, {each.id: each for each in now["online_call_application"]}
    if lines:
        last = now["online_call_publication"][-1].lines
        stands = [(own[each.application_id].protocol_number, each.position, f"{each.total:.2f}") for each in lines]
        if stands != [(each["number"], each["position"], each["total"]) for each in last]:
            yield f"the lines are {stands}, and the list says {last}"
    held = [each for each in lines if each.standing in HOLDING]
    if now["online_call_ranking"] and not len(held) == now["online_call_ranking"][0].held <= now["online_call_ranking"][0].seats:
        yield f"{len(held)} places are held, {now['online_call_ranking'][0].held} counted"
    for each in lines:
        old = was.get(each.id)
        if old and each.standing not in AFTER[old.standing]:
            yield f"{each.id} was {old.standing} and is {each.standing}"
        if own[each.application_id].state == "withdrawn" and each.standing not in GONE:
            yield f"{each.id} is {each.standing}, and the application is withdrawn"
        if each.offered_at and each.offered_at > call.reserve_until:
            yield f"{each.id} was called up after the last day"
        if each.standing == "accepted" and each.answered_at >= each.offer_until:
            yield f"{each.id} was accepted late"


def call_up(before, now, walk):
    """Everybody is called up once, in the order of the list, and no seat stays free while somebody can have it."""
    has_quotas = bool(now["online_call_call"][0].quotas)
    lines = {each.id: each for each in now["online_call_place"]}
    region = {each.id: next(iter(group.partition(":")[2] for group in each.groups if group.startswith("region:")), "") for each in lines.values()}
    held = Counter(region[each.id] for each in lines.values() if each.standing in HOLDING)
    was = {each.id: each.offered_at for each in before["online_call_place"]}
    able = [each for each in lines.values() if each.standing == "reserve" and not (has_quotas and held[region[each.id]] >= MOST_OF_A_REGION)]
    for each in lines.values():
        if was.get(each.id) and each.offered_at != was[each.id]:
            yield f"{each.id} was called up twice"
        is_called = each.offered_at and not was.get(each.id)
        above = [one.id for one in able if one.position < each.position]
        if is_called and above and not (has_quotas and region[each.id] == "islands"):
            yield f"{each.id} was called up, and above wait {above}"
    is_free = now["online_call_ranking"] and now["online_call_ranking"][0].held < now["online_call_ranking"][0].seats
    if is_free and able and walk.at <= now["online_call_call"][0].reserve_until:
        yield f"a seat is free, and {[each.id for each in able]} wait"
    if has_quotas and any(count > MOST_OF_A_REGION for count in held.values()):
        yield f"held are {held}"


def people(before, now, walk):
    """One person has one application and one place; trainees are those who accepted."""
    owner = {each.id: each.person_id for each in now["online_call_application"]}
    if len(set(owner.values())) != len(owner):
        yield f"somebody has two applications: {owner}"
    accepted = {owner[each.application_id] for each in now["online_call_place"] if each.standing == "accepted"}
    trainees = [each.person_id for each in now["programmes_participation"] if each.state == "enrolled"]
    if sorted(trainees) != sorted(accepted):
        yield f"accepted have {accepted}, and trainees are {trainees}"
    if now["programmes_cohort"][0].taken != len(trainees):
        yield f"{now['programmes_cohort'][0].taken} seats are taken by {len(trainees)}"
    gone = {each.id for each in now["people_person"] if each.erased_at}
    if gone & {each.person_id for each in now["online_call_application"] if each.state != "withdrawn"}:
        yield "an application goes on with an account that is gone"


def work(before, now, walk):
    """Nothing that follows of a deed fails."""
    yield from (str(each.error) for each in now["kernel_job"] if each.error)


def counts(now, walk, app):
    """What the room counts is what there is."""
    states = Counter(each.state for each in now["online_call_application"])
    with app.test_request_context(), clock.frozen(walk.at):
        call = session.get(Call, walk.call_id, populate_existing=True)
        shown = room.room(call, walk.administrator)
        if Counter(shown.counts) != states:
            yield f"the room shows {shown.counts}, there are {states}"
        if shown.standings != Counter(each.standing for each in now["online_call_place"]):
            yield f"the room shows {shown.standings}"
        eligible = {each.id for each in now["online_call_application"] if each.state == "eligible"}
        asked = Counter(each.turn for each in now["online_call_review"] if each.application_id in eligible and each.state in {"asked", "done"})
        done = Counter(each.turn for each in now["online_call_review"] if each.application_id in eligible and each.state == "done")
        if judging.evaluations(walk.call_id) != {turn: (done[turn], asked[turn]) for turn in asked}:
            yield f"evaluations are counted as {judging.evaluations(walk.call_id)}"
        waits = {
            "overrides": (overriding.waiting(walk.call_id), "online_call_override", "proposed"),
            "appeals": (appealing.waiting(walk.call_id), "online_call_appeal", "open"),
            "corrections": (correcting.counts(walk.call_id)["reopened"], "online_call_correction", "reopened"),
        }
        for name, (counted, table, state) in waits.items():
            if counted != sum(each.state == state for each in now[table]):
                yield f"{counted} {name} are counted"
        asked_for = [each for each in now["online_call_mending"] for one in now["online_call_application"] if one.id == each.application_id and one.state == "submitted"]
        if sum(mending.counts(call, walk.at).values()) != len(asked_for):
            yield "mendings are counted otherwise"
        shown, waits = room.room(call, walk.administrator), pending.found(call, walk.at)
        forget()
        if room.room(call, walk.administrator) != shown or pending.found(call, walk.at) != waits:
            yield "the room remembers what is not so any more"
    g.pop("once_a_page", None)
