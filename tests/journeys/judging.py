"""Chapter two: eligibility, two evaluations each, the ranking, offers, refusals, call-ups."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.programmes.sample.material import Applicant
from tests.journeys.cast import CRITERIA, INELIGIBLE, NUMBER, PASSWORD, WITHDRAWS_EARLY, applicants, at, marks, total
from tests.journeys.selection import ADMINISTRATOR, work_off
from tests.journeys.visitor import Visitor

MOST = {"relevance": 30, "motivation": 30, "experience": 20, "transfer": 20}
DECLINES, LAPSES, LEAVES = 3, 7, 11
"""Positions in the ranking: one declines the place, one lets the deadline pass, one accepts and withdraws again."""


def coordinator(app: Flask, code: str) -> Visitor:
    """The coordinator of a country, signed in."""
    return Visitor(app).sign_in(f"coordinator.{code.lower()}@inspire.example", PASSWORD)


def check_eligibility(app: Flask, code: str) -> None:
    """The coordinator confirms who meets every rule, and decides on the others with a reason; against the rules a second person confirms."""
    visitor = coordinator(app, code)
    room = f"/online_call/rooms/{NUMBER[code]}"
    listed = visitor.open(f"{room}/applications").links(r"/files/\d+$")
    assert len(listed) == 30
    names = {f"{applicants(code)[number].given_name} {applicants(code)[number].family_name}": lacks for number, lacks in INELIGIBLE.items()}
    for path in listed:
        visitor.open(path)
        lacks = next((lacks for name, lacks in names.items() if name in visitor.words), None)
        if lacks:
            visitor.submit(decision="rejected", note=f"Rule “{lacks}” is not met.")
    second = Visitor(app).sign_in(ADMINISTRATOR, PASSWORD)
    for path in second.open(room).links(r"/overrides/\d+$"):
        second.open(path).submit(decision="confirm")
    confirm, *_more = visitor.open(f"{room}/applications?state=submitted").links(r"/rooms/\d+/confirm$")
    visitor.open(confirm).submit_or_press()
    work_off()


def numbers(app: Flask, code: str) -> dict[str, str]:
    """Give the e-mail address of each applicant by the number of the application, as the coordinator's list tells it."""
    words = coordinator(app, code).open(f"/online_call/rooms/{NUMBER[code]}/applications").words
    found = {one.email: re.search(_row_of(one), words) for one in applicants(code)}
    return {match[1]: email for email, match in found.items() if match}


def _row_of(one: Applicant) -> str:
    # There are namesakes: name, number and administration stand side by side.
    return rf"{re.escape(f'{one.family_name}, {one.given_name}')} ?(INSPIREPA-[A-Z]+-\d+-\d{{6}}) ?{re.escape(one.administration)}"


def evaluate(app: Flask, code: str) -> None:
    """Two evaluators give their marks; neither sees what the other gave, and in Greece no names: there they explain extremes too."""
    given, numbered = marks(), numbers(app, code)
    for turn, evaluator in enumerate(("evaluator1", "evaluator2")):
        visitor = Visitor(app).sign_in(f"{evaluator}.{code.lower()}@inspire.example", PASSWORD)
        paths = visitor.open("/online_call/reviews").links(r"/reviews/\d+$")
        assert len(paths) == 26
        for path in paths:
            visitor.open(path)
            who = next(one for one in applicants(code) if one.email == next(numbered[number] for number in numbered if number in visitor.words))
            is_named = f"{who.given_name} {who.family_name}" in visitor.words
            assert (is_named, who.administration in visitor.words) == (code != "GR", True), visitor.words[:900]
            side = given[who.email].second if turn else given[who.email].first
            why = {f"_why-{name}": "Nothing is missing." for name in CRITERIA if code == "GR" and float(side[name]) in {0, MOST[name]}}
            visitor.submit(**{name: side[name] for name in CRITERIA}, **why)


def expected_order(code: str) -> list[str]:
    """Rank the eligible as the call says: total, motivation, relevance, time of submission; below 50 nobody is suitable."""
    given = marks()
    eligible = [(number, one.email) for number, one in enumerate(applicants(code)) if number not in {*INELIGIBLE, WITHDRAWS_EARLY}]

    def key(item: tuple[int, str]) -> tuple[float, ...]:
        number, email = item
        both = given[email]
        parts = {name: float(both.first[name]) + float(both.second[name]) for name in CRITERIA}
        return (-total(both), -parts["motivation"], -parts["relevance"], number)

    return [email for _number, email in sorted(eligible, key=key)]


def publish_provisionally(app: Flask, outbox: Any, code: str) -> None:
    """Every applicant in the selection, or rejected, is told that the own result can be seen; the offers have to wait."""
    before = len(outbox)
    room = coordinator(app, code).open(f"/online_call/rooms/{NUMBER[code]}")
    room.open(room.links(r"/publish-provisionally$")[0]).submit_or_press()
    work_off()
    told = {mail.address for mail in list(outbox)[before:] if mail.key.startswith("online_call.provisional:")}
    assert told == {one.email for number, one in enumerate(applicants(code)) if number != WITHDRAWS_EARLY}
    shown = coordinator(app, code).open(f"/online_call/rooms/{NUMBER[code]}")
    assert not shown.links(r"/publish$")


def publish(app: Flask, outbox: Any, code: str) -> None:
    """The ranking is published; the first twenty get an offer, in the order that anybody can work out."""
    before = len(outbox)
    room = coordinator(app, code).open(f"/online_call/rooms/{NUMBER[code]}")
    room.open(room.links(r"/publish$")[0]).submit_or_press()
    work_off()
    order = expected_order(code)
    told = [mail for mail in list(outbox)[before:] if mail.address in order]
    offers = [mail.address for mail in told if _link_in(mail) and _is_offer(mail)]
    assert sorted(offers) == sorted(order[:20])


def _is_offer(mail: Any) -> bool:
    return mail.key.startswith("online_call.offer:")


def _link_in(mail: Any) -> str:
    """The address at which an offer is answered without signing in; empty in any other mail."""
    found = re.search(r"/online_call/offers/[\w.-]+\?language=\w\w", mail.text)
    return found.group() if found else ""


def offer_in_mail(app: Flask, outbox: Any, email: str) -> Visitor:
    """The page behind the link in somebody's mail, opened by nobody who is signed in."""
    return Visitor(app).open(next(_link_in(mail) for mail in reversed(list(outbox)) if mail.address == email and _link_in(mail)))


def application_of(app: Flask, email: str) -> Visitor:
    """The page of somebody's own application."""
    visitor = Visitor(app).sign_in(email, PASSWORD)
    return visitor.open(visitor.links(r"/online_call/applications/\d+$")[0])


def take_places(app: Flask, outbox: Any, code: str) -> list[str]:
    """Offers are accepted, every other one from the mail, one is declined, one lapses, one is given back: the next three are called up, in order; gives the twenty."""
    order = expected_order(code)
    with clock.frozen(at(code, "2027-01-12T10:00:00")):
        for position, email in enumerate(order[:20], start=1):
            if position == LAPSES:
                continue
            visitor = offer_in_mail(app, outbox, email) if position % 2 else application_of(app, email)
            if position == DECLINES:
                visitor.post("/decline")
            else:
                visitor.post("/accept")
        work_off()
        offer_in_mail(app, outbox, order[20]).post("/accept")
    # Each country at an hour of its own: what is done every hour is done once an hour, whichever country it is about.
    with clock.frozen(at(code, "2027-01-22T10:00:00") + timedelta(hours=3 * NUMBER[code])):
        jobs.tick()
        work_off()
        application_of(app, order[21]).post("/accept")
    with clock.frozen(at(code, "2027-01-25T10:00:00")):
        application_of(app, order[LEAVES - 1]).post("/withdraw")
        work_off()
        application_of(app, order[22]).post("/accept")
        work_off()
    left = {order[DECLINES - 1], order[LAPSES - 1], order[LEAVES - 1]}
    return [email for email in order[:23] if email not in left]
