"""Every address names a capability or says that it is public; otherwise the application does not start."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint, Flask

from inspire_lms.app import create_app
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, Plugin
from inspire_lms.kernel.web.guard import needs, public
from tests.builders import a_person
from tests.house.tree import nothing


def own_rules(app: Flask) -> list[Any]:
    """List the addresses of our own views."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static" and not rule.endpoint.endswith(".static")]


def unguarded(app: Flask) -> list[str]:
    """List the addresses that say nothing about who may open them."""
    return [
        f"{rule.rule}: decorate {rule.endpoint} with @needs or @public."
        for rule in own_rules(app)
        if not hasattr(app.view_functions[rule.endpoint], "access")
    ]


def open_to_visitors(app: Flask) -> list[str]:
    """List the pages with a capability that a visitor gets to see all the same."""
    visitor, found = app.test_client(), []
    for rule in own_rules(app):
        access = app.view_functions[rule.endpoint].access
        if access.capability is None or rule.arguments or "GET" not in rule.methods:
            continue
        answer = visitor.get(rule.rule)
        if answer.status_code != 303 or "/sign-in" not in answer.location:
            found.append(f"{rule.rule} answers {answer.status_code} to a visitor, who should be sent to sign in.")
    return found


def badge(view: Callable[..., str]) -> Plugin:
    """Make a small plugin with one page."""
    pages = Blueprint("badge", "badge", url_prefix="/badge")
    pages.add_url_rule("/", "badges", view)
    return Plugin(
        "badge",
        Message("Badges"),
        Message("Badges."),
        blueprint=pages,
        capabilities=(Capability("badge:see", Message("See badges"), ("coordinator",)),),
    )


def test_every_address_says_who_may_open_it(app):
    nothing(unguarded(app))


def test_a_visitor_is_sent_to_sign_in(app):
    nothing(open_to_visitors(app))


def test_a_person_without_any_role_is_told_that_a_page_is_not_open(settings, sign_in_as):
    app = create_app(settings, [badge(needs("badge:see")(lambda: "badges"))])
    with app.app_context():
        person = a_person()
        assert sign_in_as(app.test_client(), person).get("/badge/").status_code in {303, 403}


def test_a_planted_address_without_a_word_stops_the_start(settings):
    with pytest.raises(ValueError, match="decorate it with @needs or @public"):
        create_app(settings, [badge(lambda: "badges")])


def test_a_planted_unknown_capability_stops_the_start(settings):
    with pytest.raises(ValueError, match="needs badge:sing, which no manifest declares"):
        create_app(settings, [badge(needs("badge:sing")(lambda: "badges"))])


def test_an_address_that_says_public_is_let_pass(settings):
    app = create_app(settings, [badge(public(lambda: "badges"))])
    nothing(unguarded(app))
    assert app.test_client().get("/badge/").text == "badges"
