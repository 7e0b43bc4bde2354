"""Whoever follows the links of the sample pilot finds a page behind each of them, whatever plugin is missing."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel.db import db, session
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import plugins
from inspire_lms.kernel.programmes import demo
from tests.ground.growing import copy_people
from tests.ground.samples import walk
from tests.house.test_plugins_are_optional import NAMES
from tests.house.test_queries import growing, repeated
from tests.house.tree import nothing

ROLES = ("trainee", "trainer", "evaluator", "coordinator", "administrator")
MOST_STATEMENTS = 60
"""What no page may cost, whoever opens it."""


def somebody(app, role, country="GR"):
    """Give the ready account with a role."""
    (email, *_others) = [one.email for one in demo.ready_accounts() if one.role == role and one.country in {country, ""}]
    return people.by_email(email)


def broken(pages):
    return [f"{page.address} answers {page.status}, and {page.came_from} leads there." for page in pages if page.status >= 400]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", ["call", "selection", "teaching", "closing", "over"])
def test_every_link_leads_to_a_page(sample, sign_in_as, statements, stage, role):
    app = sample(stage)
    pages = list(walk(sign_in_as(app.test_client(), somebody(app, role)), counting=statements))
    nothing(broken(pages))
    nothing([f"{page.address}: {complaint}" for page in pages for complaint in repeated(page.statements)])
    nothing([f"{page.address} runs {len(page.statements)} statements." for page in pages if len(page.statements) > MOST_STATEMENTS])


@pytest.mark.parametrize("stage", ["call", "over"])
def test_every_link_leads_a_visitor_to_a_page(sample, statements, stage):
    nothing(broken(walk(sample(stage).test_client(), counting=statements)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", ["trainee", "coordinator"])
def test_every_link_leads_to_a_page_without_one_plugin(sample, sign_in_as, statements, name, role):
    app = sample("over", without=name)
    assert name not in {each.name for each in plugins()}
    nothing(broken(walk(sign_in_as(app.test_client(), somebody(app, role)), counting=statements)))


@pytest.mark.parametrize("role", ["trainee", "trainer", "coordinator", "administrator"])
def test_no_page_costs_more_statements_with_ten_times_the_people(sample, sign_in_as, statements, role):
    app = sample("teaching")
    reader = sign_in_as(app.test_client(), somebody(app, role))
    before = {page.address: page.statements for page in walk(reader, counting=statements, most=80) if page.status == 200}
    staff = {one.email for one in demo.ready_accounts() if one.role != "trainee"}
    applicants = list(session.scalars(select(Person.id).where(Person.email.not_in(staff))))
    session.rollback()
    with db.engine.begin() as connection:
        copy_people(connection, applicants, 9)
    found = []
    for address, few in before.items():
        with statements() as many:
            reader.get(address)
        found += [f"{address}: {complaint}" for complaint in growing(few, many)]
    nothing(found)
