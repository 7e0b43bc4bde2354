"""The sample people and what they write."""

from collections import Counter
from random import Random

import pytest

from inspire_lms.kernel.people.names import reason_against, tidy
from inspire_lms.kernel.programmes.sample.material import answers, people, sentences

COUNTRIES = people().countries


@pytest.mark.parametrize("code", ["IT", "GR", "RO"])
def test_thirty_people_apply_in_each_country_two_of_them_namesakes_and_three_not_eligible(code):
    found = COUNTRIES[code].applicants
    names = Counter((one.given_name, one.family_name) for one in found)
    assert (len(found), sorted(names.values())[-2:], len({one.email for one in found})) == (30, [1, 2], 30)
    assert len([one for one in found if one.lacks]) == 3
    assert [one.email for one in found if one.is_ready_account] == [f"trainee.{code.lower()}@inspire.example"]
    assert [one.role for one in COUNTRIES[code].staff] == ["coordinator", "trainer", "trainer2", "evaluator1", "evaluator2"]


def test_the_letters_that_are_lost_elsewhere_are_there():
    names = " ".join(f"{one.given_name} {one.family_name}" for country in COUNTRIES.values() for one in country.applicants)
    assert [letter for letter in "'òèùșȚțăâϊήώςΌ" if letter not in names] == []
    assert not set("şţŞŢ") & set(names)


def test_every_name_is_one_that_an_account_takes():
    everybody = [(one, country.language) for country in COUNTRIES.values() for one in (*country.applicants, *country.staff)]
    for one, language in everybody:
        for part in (one.given_name, one.family_name):
            assert (reason_against(part), tidy(part, language)) == (None, part)


@pytest.mark.parametrize("language", ["it", "el", "ro"])
def test_thirty_people_write_thirty_different_answers_and_the_same_ones_for_the_same_chance(language):
    for code in ("tasks", "challenge", "background", "project"):
        said = answers(code, language, Random(7), 30)
        assert (len(set(said)), said == answers(code, language, Random(7), 30), said == answers(code, language, Random(8), 30)) == (30, True, False)
    assert answers("adjustments", language, Random(7), 2) == [sentences(language)["adjustments"][0]] * 2
