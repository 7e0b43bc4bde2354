"""A framework is stored, and the same code again brings it up to date."""

from dataclasses import replace

import pytest

from inspire_lms.kernel.curriculum import actions, queries
from inspire_lms.kernel.curriculum.content import Alignment, CompetenceContent, FrameworkContent, LevelContent, OutcomeContent, UnitContent
from inspire_lms.kernel.errors import Refused

WORDS = {"en": "Words", "it": "Parole"}
OUTCOME = OutcomeContent("ethics", 1, {"en": "Can tell"})
CONTENT = FrameworkContent(
    code="sim",
    title=WORDS,
    levels=(LevelContent(1, WORDS, WORDS), LevelContent(2, WORDS, WORDS)),
    competences=(CompetenceContent("ethics", WORDS, WORDS), CompetenceContent("systems", WORDS, WORDS)),
    units=(UnitContent(1, WORDS, 120, 180, (OUTCOME, replace(OUTCOME, competence="systems", level=2))),),
)


def seen(framework_id):
    return [
        (one.number, one.live_minutes, [(each.place, each.competence.code, each.level.number, each.text.text("en")) for each in one.outcomes])
        for one in queries.units(framework_id)
    ]


def test_a_framework_is_stored_with_all_that_is_below_it(app):
    framework = actions.load_framework(CONTENT, by=None)
    assert seen(framework.id) == [(1, 120, [(1, "ethics", 1, "Can tell"), (2, "systems", 2, "Can tell")])]
    assert queries.workload(framework.id).total == 300


def test_loaded_again_it_is_the_same_framework_with_new_content(app):
    first = actions.load_framework(CONTENT, by=None).id
    ids = [one.id for one in queries.units(first)[0].outcomes]
    unit = replace(CONTENT.units[0], live_minutes=90, outcomes=(replace(OUTCOME, text={"en": "Can show"}),))
    added = replace(unit, number=2, outcomes=(OUTCOME,))
    again = actions.load_framework(replace(CONTENT, units=(unit, added), competences=CONTENT.competences[::-1]), by=None).id
    assert (again, seen(again)) == (first, [(1, 90, [(1, "ethics", 1, "Can show")]), (2, 90, [(1, "ethics", 1, "Can tell")])])
    assert [one.id for one in queries.units(first)[0].outcomes] == ids[:1]
    assert [(one.place, one.code) for one in queries.competences(first)] == [(1, "systems"), (2, "ethics")]


def test_where_a_competence_is_described_in_public_is_stored_and_changes_with_the_file(app):
    aligned = replace(CONTENT.competences[0], alignments=(Alignment("https://example.org/1", "Tell right from wrong", "ESCO"),))
    first = actions.load_framework(replace(CONTENT, competences=(aligned, CONTENT.competences[1])), by=None).id
    assert [one.alignments for one in queries.competences(first)] == [
        [{"url": "https://example.org/1", "name": "Tell right from wrong", "framework": "ESCO"}],
        [],
    ]
    actions.load_framework(CONTENT, by=None)
    assert [one.alignments for one in queries.competences(first)] == [[], []]


@pytest.mark.parametrize(
    ("but", "missing"),
    [({"levels": CONTENT.levels[:1]}, "2"), ({"competences": CONTENT.competences[:1]}, "systems"), ({"units": ()}, "1")],
)
def test_what_results_point_at_cannot_be_left_out(app, but, missing):
    first = actions.load_framework(CONTENT, by=None).id
    before = seen(first)
    with pytest.raises(Refused, match=f"“{missing}” is in use already"):
        actions.load_framework(replace(CONTENT, **but), by=None)
    assert seen(first) == before
