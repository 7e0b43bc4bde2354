"""Coverage of competences."""

import pytest

from inspire_lms.kernel.curriculum import rules


@pytest.mark.parametrize(
    ("competences", "outcomes", "missing"),
    [
        (("ethics",), ("ethics",), ()),
        (("ethics", "systems", "strategy"), ("systems", "systems"), ("ethics", "strategy")),
        (("ethics",), (), ("ethics",)),
        ((), ("ethics",), ()),
    ],
)
def test_what_no_unit_teaches_is_listed_in_the_order_of_the_framework(competences, outcomes, missing):
    assert rules.not_covered(competences, outcomes) == missing
