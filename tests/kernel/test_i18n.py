"""Four languages: moments, numbers and counted things as each of them writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inspire_lms.kernel import i18n
from inspire_lms.kernel.errors import Message, When, counted

NOON = datetime(2026, 12, 11, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("en", "Europe/Rome", "Friday 11 December 2026, 12:00 (Italian time, CET)"),
        ("it", "Europe/Rome", "venerdì 11 dicembre 2026, ore 12:00 (ora di Roma, CET)"),
        ("el", "Europe/Athens", "Παρασκευή 11 Δεκεμβρίου 2026, 13:00 (ώρα Ελλάδας, EET)"),
        ("ro", "Europe/Bucharest", "vineri, 11 decembrie 2026, ora 13:00 (ora României, EET)"),
    ],
)
def test_a_deadline_is_said_as_each_language_says_it(app, language, zone, shown):
    with i18n.speaking(language):
        assert i18n.when(NOON, zone) == shown


@pytest.mark.parametrize(("language", "shown"), [("en", "88.7%"), ("it", "88,7%"), ("el", "88,7%"), ("ro", "88,7 %")])
def test_per_cent_is_written_as_each_language_writes_it(app, language, shown):
    with i18n.speaking(language):
        assert i18n.percent(Decimal("88.66"), 1).replace("\xa0", " ") == shown


@pytest.mark.parametrize(("value", "shown"), [(Decimal("0.5"), "1"), (Decimal("1.5"), "2"), (Decimal("2.5"), "3"), (2.449, "2")])
def test_numbers_are_rounded_half_up(app, value, shown):
    assert i18n.number(value) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "mark", "shown"),
    [
        (Decimal("59.67"), 0, 60, "59.7%"),
        (Decimal("59.97"), 0, 60, "59.97%"),
        (Decimal("59.67"), 0, None, "60%"),
        (Decimal("59.67"), 0, 70, "60%"),
        (Decimal("59.40"), 0, 60, "59%"),
        (Decimal("60.00"), 0, 60, "60%"),
        (Decimal("60.20"), 0, 60, "60.2%"),
        (Decimal("79.96"), 1, 80, "79.96%"),
        (Decimal("59.70"), 0, Decimal("59.8"), "59.7%"),
        (Decimal(10) * 10000 / 1001, 1, 100, "99.9%"),
    ],
)
def test_what_misses_a_mark_is_never_shown_as_if_it_reached_it(app, value, decimals, mark, shown):
    assert i18n.percent(value, decimals, mark=mark) == shown
    assert i18n.number(value, decimals, mark=mark) + "%" == shown


@pytest.mark.parametrize(
    ("n", "shown"),
    [(0, "0 minute"), (1, "1 minut"), (2, "2 minute"), (19, "19 minute"), (20, "20 de minute"), (101, "101 minute"), (115, "115 minute"), (120, "120 de minute")],
)
def test_romanian_puts_de_before_the_noun_from_twenty_up(app, n, shown):
    with i18n.speaking("ro"):
        assert i18n.show(counted("{n} minute", "{n} minutes", n=n)) == shown


def test_what_is_missing_in_a_language_falls_back_and_says_in_which_it_is(app):
    words = i18n.Words(en="The course", it="Il corso")
    assert words.spoken("it") == ("Il corso", "it")
    assert words.spoken("el") == ("The course", "en")
    assert i18n.Words(ro="Cursul").spoken("el") == ("Cursul", "ro")
    assert i18n.Words().spoken("el") == ("", "")


def test_a_message_shows_the_moments_days_and_messages_inside_it(app):
    inner = Message("closed")
    message = Message("The call is {state} since {when}, {day}.", state=inner, when=When(NOON, "Europe/Rome"), day=date(2026, 12, 11))
    shown = "The call is closed since Friday 11 December 2026, 12:00 (Italian time, CET), Friday 11 December 2026."
    assert i18n.show(message) == shown


def test_a_moment_is_told_to_the_second_where_it_matters(app):
    assert i18n.show(When(NOON.replace(second=7), "Europe/Rome", to_the_second=True)) == "11 December 2026, 12:00:07 (Italian time, CET)"


def test_a_naive_moment_is_not_shown(app):
    with pytest.raises(ValueError):
        i18n.when(datetime(2026, 12, 11))  # noqa: DTZ001


def test_greek_has_twenty_four_hours(app):
    with i18n.speaking("el"):
        assert i18n.when(datetime(2026, 12, 11, 15, 30, tzinfo=UTC), "Europe/Athens", "time") == "17:30"


@pytest.mark.parametrize(("length", "shown"), [(1, "1 kB"), (214_000, "214 kB"), (999_999, "1,000 kB"), (1_500_000, "1.5 MB")])
def test_the_size_of_a_file_is_said_in_round_figures(app, length, shown):
    assert i18n.size(length) == shown


def test_nought_has_no_minus_and_does_not_get_one_from_another(app):
    assert [i18n.number(Decimal(value), 2) for value in ("-0.00", "0", "-0.004", "0.00")] == ["0.00"] * 4
    assert i18n.percent(Decimal("-0.0")).startswith("0")
