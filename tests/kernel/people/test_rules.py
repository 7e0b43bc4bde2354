"""Addresses, passwords, locks and links."""

from datetime import UTC, datetime, timedelta

import pytest

from inspire_lms.kernel.people import rules

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Anna.Rossi@Comune.Example.IT ", "anna.rossi@comune.example.it"),
        ("nikos@παράδειγμα.ελ", "nikos@xn--hxajbheg2az3al.xn--qxam"),
        ("nobody", "nobody"),
        ("a@" + "b" * 70 + ".it", "a@" + "b" * 70 + ".it"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed, kept):
    assert rules.folded_address(typed) == kept


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("anna.rossi@comune.example.it", True),
        ("d'angelo+call@example.org", True),
        ("a@b.ro", True),
        ("a@b", False),
        ("@example.org", False),
        ("anna", False),
        ("anna@@example.org", False),
        ("anna rossi@example.org", False),
        ("anna@example.org\nbcc: x@example.org", False),
        ("νίκος@example.org", False),
        (".anna@example.org", False),
        ("a" * 242 + "@example.org", True),
        ("a" * 243 + "@example.org", False),
    ],
)
def test_the_shape_of_an_address(address, right):
    assert (rules.reason_against_address(address) is None) is right


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("kalimera ti", True),
        ("9 lettere", False),
        ("10 lettere", True),
        ("Ștefan bea ceai", True),
        ("aaaaaaaaaabb", False),
        ("password2026", False),
        ("12345678901", False),
        ("anna.rossi99", False),
        ("anna.rossi walks the long way home", True),
        ("x7" * 100 + "y", False),
        ("xyz7" * 50, True),
    ],
)
def test_a_password_is_long_enough_and_not_the_first_guess(password, good):
    assert (rules.reason_against_password(password, email="anna.rossi@example.org") is None) is good


@pytest.mark.parametrize(
    ("failures", "lasts"),
    [
        (0, None),
        (4, None),
        (5, timedelta(minutes=1)),
        (6, timedelta(minutes=2)),
        (8, timedelta(minutes=8)),
        (9, timedelta(minutes=15)),
        (10_000, timedelta(minutes=15)),
    ],
)
def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(failures, lasts):
    assert rules.locked_until(failures, AT, free=5) == (lasts and AT + lasts)


@pytest.mark.parametrize(("at", "refused"), [(AT - SECOND, True), (AT, False), (AT + SECOND, False)])
def test_a_lock_ends_by_itself(at, refused):
    assert (rules.why_not_try((None, AT), at=at, zone="Europe/Rome") is not None) is refused


def test_the_later_of_two_locks_is_told():
    reason = rules.why_not_try((AT, AT + SECOND), at=AT - SECOND, zone="Europe/Rome")
    assert reason is not None
    assert reason.values["until"].at == AT + SECOND


@pytest.mark.parametrize(("used_at", "at", "dead"), [(None, AT - SECOND, False), (None, AT, True), (AT - SECOND, AT - SECOND, True)])
def test_a_link_works_once_and_for_a_time(used_at, at, dead):
    assert (rules.why_link_is_dead(used_at, AT, at=at) is not None) is dead


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/call/it/apply?step=2", "/call/it/apply?step=2"),
        ("/", "/"),
        (None, None),
        ("", None),
        ("https://example.org/", None),
        ("//example.org", None),
        ("/\\example.org", None),
        ("/a\\b", None),
        ("/a\nb", None),
        ("javascript:alert(1)", None),
    ],
)
def test_nobody_is_led_to_another_site(wanted, led_to):
    assert rules.own_path(wanted) == led_to


def test_erasing_leaves_a_number_and_nothing_to_sign_in_with():
    left = rules.after_erasing(42)
    assert left["family_name"] == "#42"
    assert left["password_hash"] is None
    assert rules.reason_against_address(str(left["email"])) is None


@pytest.mark.parametrize(("email", "good"), [("n@example.org", True), ("cor@example.org", True), ("corn@example.org", False)])
def test_an_address_of_a_few_letters_forbids_no_password(email, good):
    assert (rules.reason_against_password("caffe e cornetto", email=email) is None) is good
