"""How a grant is inherited, and what an administrator may change about a role."""

import pytest

from inspire_lms.kernel.access.rules import Granted, capabilities, explain, may

DEFAULTS = {"webinar:close": ("trainer",), "webinar:see": ("person",), "kernel:administer": ()}
ROLES = {role: capabilities(role, DEFAULTS, {}) for role in ("person", "trainer", "coordinator", "administrator")}
TRAINER_OF_ITALY = (Granted("trainer", "/1/2/3/"),)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/1/2/3/", True), ("/1/2/3/8/", True), ("/1/2/", False), ("/1/2/4/", False), ("/1/2/30/", False), (None, True)],
)
def test_what_is_granted_in_a_context_holds_there_and_below(path, allowed):
    assert may(TRAINER_OF_ITALY, "webinar:close", path, ROLES) is allowed


def test_everybody_signed_in_has_what_is_given_to_persons():
    assert may((), "webinar:see", "/1/2/3/", ROLES) is True
    assert may((), "webinar:close", None, ROLES) is False


def test_the_administrator_has_everything():
    assert ROLES["administrator"] == frozenset(DEFAULTS)


@pytest.mark.parametrize(("given", "has"), [(True, True), (False, False)])
def test_an_administrator_may_give_and_take(given, has):
    assert ("kernel:administer" in capabilities("coordinator", DEFAULTS, {("coordinator", "kernel:administer"): given})) is has
    assert ("webinar:close" in capabilities("trainer", DEFAULTS, {("trainer", "webinar:close"): given})) is has


def test_the_answer_can_be_explained():
    lines = explain(TRAINER_OF_ITALY, "webinar:close", "/1/2/4/", ROLES)
    assert lines == [
        "no: trainer in /1/2/3/ has webinar:close; /1/2/3/ is not above /1/2/4/",
        "roles that have webinar:close: administrator, trainer",
    ]
