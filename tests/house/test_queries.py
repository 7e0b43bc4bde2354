"""A list costs as many statements with 200 rows as with 2; no page runs the same statement again and again.

A plugin names its lists in tests/plugins/<name>/builders.py:

    LISTS = (("the applications of a cohort", fill_applications),)

where fill_applications(cohort, n) makes n rows and gives the address of the list.
"""

import importlib
import importlib.util
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import insert, select

from inspire_lms.app import create_app
from inspire_lms.kernel import audit, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.mailing.refused import RefusedAddress
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import Capability
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.guard import needs
from tests.builders import AT, a_cohort, a_person, an_administrator, many_trainees
from tests.house.test_plugins_are_optional import NAMES
from tests.house.test_requests import badge
from tests.house.tree import nothing

FEW, MANY, AGAIN = 2, 200, 5
"""Rows of a short and of a long list; how often a page may run the same statement."""


def people(_cohort: Cohort, n: int) -> str:
    many_trainees(a_cohort("GR"), n)
    return "/people"


def members(cohort: Cohort, n: int) -> str:
    many_trainees(cohort, n)
    return f"/cohort/{cohort.id}/members"


def deeds(_cohort: Cohort, n: int) -> str:
    with transaction():
        for number in range(n):
            audit.record("site.looked", ("site", number), by=None)
    return "/admin/audit"


def mails(_cohort: Cohort, n: int) -> str:
    facts = {
        "address": "a@inspire.example",
        "name": "A",
        "language": "ro",
        "subject": "S",
        "text": "",
        "html": "",
        "calendar_method": "",
        "attachments": [],
        "state": "kept",
        "written_at": AT,
        "error": "",
    }
    with transaction():
        session.execute(insert(Mail), [{"key": f"{n}:{number}", "message_id": f"<{n}.{number}@a>", **facts} for number in range(n)])
    return "/admin/mail"


def refused_addresses(_cohort: Cohort, n: int) -> str:
    rows = [
        {"address": f"p{n}.{number}@gov.example", "since": AT, "said": "550 no such mailbox", "mail_id": None, "is_by_hand": False}
        for number in range(n)
    ]
    with transaction():
        session.execute(insert(RefusedAddress), rows)
    return "/admin/mail/refused"


def work(_cohort: Cohort, n: int) -> str:
    with transaction():
        session.execute(
            insert(jobs.Job),
            [
                {"kind": "kernel.sweep", "payload": {}, "made_at": AT, "due_at": AT, "tries": 8, "failed_at": AT, "error": "It broke."}
                for _ in range(n)
            ],
        )
    return "/admin/work"


def lists() -> list[tuple[str, Callable[[Cohort, int], str]]]:
    """Gather the lists of the kernel and of all plugins."""
    found = [("people", people), ("members", members), ("deeds", deeds), ("mails", mails), ("refused addresses", refused_addresses), ("work", work)]
    for name in NAMES:
        where = f"tests.plugins.{name}.builders"
        if importlib.util.find_spec(f"tests.plugins.{name}") and importlib.util.find_spec(where):
            found += [(f"{name}: {what}", fill) for what, fill in getattr(importlib.import_module(where), "LISTS", ())]
    return found


def growing(few: Sequence[str], many: Sequence[str]) -> list[str]:
    """List the statements that are run more often for a long list than for a short one."""
    more = Counter(many) - Counter(few)
    if len(many) <= len(few):
        return []
    return [
        f"{len(few)} statements for {FEW} rows, {len(many)} for {MANY}. Ask once for all rows. {times} more of: {text[:300]}"
        for text, times in more.most_common(3)
    ]


def repeated(seen: Sequence[str]) -> list[str]:
    """List the statements that one page runs again and again."""
    return [
        f"The same statement {times} times on one page; ask once, for all. {text[:300]}"
        for text, times in Counter(seen).items()
        if times > AGAIN
    ]


@pytest.mark.parametrize(("what", "fill"), lists(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_long_list_costs_no_more_statements_than_a_short_one(app, sign_in_as, statements, what, fill):
    reader, cohort = sign_in_as(app.test_client(), an_administrator()), a_cohort("RO")
    measured = []
    for n in (FEW, MANY):
        address = fill(cohort, n)
        assert reader.get(address).status_code == 200, f"{what}: {address}"
        with statements() as seen:
            reader.get(address)
        measured.append(list(seen))
    nothing(growing(*measured) + repeated(measured[1]))


def test_a_planted_loop_is_caught(settings, sign_in_as, statements):
    @needs("badge:see")
    def badges() -> str:
        ids = session.scalars(select(Person.id)).all()
        return ", ".join(session.execute(select(Person.email).where(Person.id == one)).scalar_one() for one in ids)

    app: Flask = create_app(settings, [badge(badges)])
    app.extensions["inspire_registry"].capabilities["badge:see"] = Capability("badge:see", Message("See badges"), ("person",))
    with app.app_context():
        reader, measured = sign_in_as(app.test_client(), a_person()), []
        for n in (2, 5):
            for _ in range(n):
                a_person()
            with statements() as seen:
                assert reader.get("/badge/").status_code == 200
            measured.append(list(seen))
        assert "SELECT people_person.email" in growing(*measured)[0]
        assert repeated(measured[0]) == []
        assert "8 times" in repeated(measured[1])[0]
