"""The sample pilot as a whole: every plugin reads its part, in every week of the year."""

import re
import tomllib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspire_lms.kernel.i18n import languages
from inspire_lms.kernel.programmes import loading
from inspire_lms.kernel.programmes.demo import STAGES
from inspire_lms.kernel.programmes.sample.material import SAMPLE

PILOT = (SAMPLE / "pilot.toml").read_text("utf-8")


@pytest.fixture
def installed():
    """All plugins that there are."""


@pytest.mark.parametrize("weeks", range(-60, 61, 12))
def test_the_pilot_can_be_moved_to_any_week_without_a_mistake(app, weeks):
    assert loading.read_whole(PILOT, shift_weeks=weeks).problems == ()


def test_each_text_for_all_countries_is_there_in_every_language(app):
    """Tables of one country need English and their own language; all others every language."""
    common = PILOT[: PILOT.index('[[country]]\ncode = "IT"')]
    texts = re.findall(r"\{ en = .*? \}(?=,?$)", common, re.MULTILINE)
    assert len(texts) > 100
    assert [text for text in texts for language in languages() if f"{language} = " not in text] == []
    assert not set("şţŞŢ") & set(PILOT)


def test_every_country_is_between_the_fifth_webinar_and_the_sixth_in_the_whole_week_of_teaching():
    read = tomllib.loads(PILOT)
    monday, skipped = STAGES["teaching"], read["webinars"]["skip"]
    for country in read["country"]:
        weekly = (country["webinars"]["first"] + timedelta(weeks=week) for week in range(9))
        days = [day for day in weekly if day not in skipped]
        assert (len(days), days[4] < monday, days[5] - monday >= timedelta(days=7)) == (8, True, True)
        assert days[7] < STAGES["closing"]
        assert read["edition"]["starts"] <= days[0]
        assert days[7] <= read["edition"]["ends"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000))
def test_a_misspelt_key_of_any_plugin_is_reported_on_its_line(app, place):
    lines = PILOT.split("\n")
    with_keys = [number for number, line in enumerate(lines) if re.match(r"[a-z_]+ = ", line)]
    number = with_keys[place % len(with_keys)]
    key = lines[number].split(" ")[0]
    lines[number] = lines[number].replace(key, f"{key}x", 1)
    found = loading.mistakes_in("\n".join(lines).encode())
    assert [one.line for one in found if f"“{key}x”" in str(one.reason)] == [number + 1]


WRONG = ["", "x", "[", "]", '"', "=", "0", "-1", "true", "{ }", "[ ]", "[[x]]", "9999-12-31", "2027-03-28T02:30:00", "\n", "é", "\x00", "1e999", "nan"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(PILOT)), length=st.integers(0, 60), put=st.sampled_from(WRONG))
def test_whatever_is_mistyped_the_reader_says_something_and_never_breaks(app, place, length, put):
    raw = (PILOT[:place] + put + PILOT[place + length :]).encode()
    for one in loading.mistakes_in(raw):
        assert one.line >= 1
        assert str(one.reason)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), put=st.sampled_from([one for one in WRONG if one != "\n"]))
def test_whatever_stands_for_a_value_the_reader_never_breaks(app, place, put):
    lines = PILOT.split("\n")
    with_values = [number for number, line in enumerate(lines) if re.match(r"[a-z_]+ = ", line)]
    number = with_values[place % len(with_values)]
    lines[number] = f"{lines[number].split(' ')[0]} = {put}"
    assert all(one.line >= 1 for one in loading.mistakes_in("\n".join(lines).encode()))
