"""The table [webinars] of an edition file."""

import pytest

from inspire_lms.kernel.errors import Invalid
from inspire_lms.kernel.programmes.edition_file import read as read_file
from inspire_lms.plugins.webinar import edition, queries
from tests.builders import a_cohort
from tests.plugins.webinar.builders import a_group, planned

GOOD = """\
[webinars]
minutes = 120
attendance_percent = 80
skip = [2027-03-25]

[country]
weekday = "thursday"
starts = 15:00:00
first = 2027-03-11
"""


def contents(text):
    root = read_file(text)
    common = root.table("webinars")
    found = edition.read(common, {"RO": root.table("country")})
    root.finish()
    return found["RO"]


def test_a_country_says_when_and_the_common_table_the_rest():
    found = contents(GOOD)
    assert (str(found.pattern.first_day), str(found.pattern.at), found.pattern.minutes, found.threshold) == ("2027-03-11", "15:00:00", 120, 80)
    assert [str(each) for each in found.pattern.skipped] == ["2027-03-25"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace("2027-03-11", "2027-03-12"), "Line 9: 2027-03-12 is a friday."),
        (GOOD.replace("minutes = 120", "minutes = 10"), "Line 2: "),
        (GOOD.replace("attendance_percent = 80", "attendance_percent = 101"), "Line 3: "),
        (GOOD.replace('"thursday"', '"someday"'), "Line 7: "),
        (GOOD + 'link = "http://meet.example.org"\n', "Line 10: The address of a meeting begins with https://."),
        (GOOD.replace("first = 2027-03-11\n", ""), "Line 6: "),
    ],
)
def test_a_mistake_is_said_with_its_line(wrong, said):
    with pytest.raises(Invalid) as refused:
        contents(wrong)
    assert [str(each)[: len(said)] for each in refused.value.reasons.values()] == [said]


def test_loading_again_brings_the_pattern_up_to_date_and_leaves_the_plan(app):
    cohort, coordinator, _, _ = a_group("RO", trainees=0)
    ids = planned(cohort, coordinator)
    edition.load(cohort.edition_id, {"RO": contents(GOOD.replace("15:00:00", "10:00:00").replace("= 80", "= 90"))}, None)
    assert (queries.plan(cohort.id).at, queries.plan(cohort.id).threshold) == ("10:00", 90)
    assert [each.wall_clock[-5:] for each in queries.of_cohort(cohort.id)] == ["15:00"] * len(ids)


def test_a_country_without_a_table_in_the_file_keeps_no_pattern(app):
    cohort = a_cohort("IT")
    edition.load(cohort.edition_id, {"RO": contents(GOOD)}, None)
    assert queries.plan(cohort.id) is None
