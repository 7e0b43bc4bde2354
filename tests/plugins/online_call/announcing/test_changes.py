"""What differs between two snapshots: nothing exactly when they are the same, and all of it otherwise."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspire_lms.plugins.online_call.announcing.changes import ABSENT, ORDER, Change, applied, canonical, differences

codes = st.sampled_from(["motivation", "transfer", "b-2", "it"])
texts = st.dictionaries(st.sampled_from(["en", "it", "el", "ro"]), st.text(max_size=4), max_size=3)
leaves = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.text(max_size=4), texts)


def holding(inner):
    items = st.dictionaries(st.sampled_from(["title", "weight", "questions"]), inner, max_size=3)
    return st.one_of(
        st.dictionaries(st.sampled_from(["criteria", "form", "seats", "title"]), inner, max_size=3),
        st.lists(st.tuples(codes, items).map(lambda pair: {"code": pair[0], **pair[1]}), max_size=4),
        st.lists(st.tuples(codes, inner).map(list), max_size=3),
        st.lists(inner, max_size=3),
    )


values = st.recursive(leaves, holding, max_leaves=12)
snapshots = st.dictionaries(st.sampled_from(["criteria", "form", "seats", "chain"]), values, max_size=4)


@given(snapshots, snapshots)
@settings(max_examples=150, deadline=None)
def test_there_are_no_changes_exactly_when_nothing_changed_and_they_explain_all_of_it(before, after):
    changes = tuple(differences(before, after))
    assert (changes == ()) is (canonical(before) == canonical(after))
    assert canonical(applied(json.loads(canonical(before)), changes)) == canonical(after)


@given(snapshots)
@settings(max_examples=50, deadline=None)
def test_a_snapshot_differs_in_nothing_from_itself_as_it_is_stored(snapshot):
    assert list(differences(snapshot, json.loads(canonical(snapshot)))) == []


ONE = {"code": "a", "title": {"en": "A"}, "weight": 30}
OTHER = {"code": "b", "title": {"en": "B"}, "weight": 70}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"seats": 20}, {"seats": 20}, []),
        ({"seats": 20}, {"seats": 25}, [Change(("seats",), 20, 25)]),
        ({"seats": 1}, {"seats": True}, [Change(("seats",), 1, True)]),
        ({"seats": None, "a": 1}, {"a": 1}, [Change(("seats",), None, ABSENT)]),
        ({"title": {"en": "A"}}, {"title": {"en": "A", "it": "B"}}, [Change(("title",), {"en": "A"}, {"en": "A", "it": "B"})]),
        ({"c": [ONE, OTHER]}, {"c": [ONE | {"weight": 25}, OTHER]}, [Change(("c", "a", "weight"), 30, 25)]),
        ({"c": [ONE, OTHER]}, {"c": [OTHER, ONE]}, [Change(("c", ORDER), ["a", "b"], ["b", "a"])]),
        ({"c": [ONE]}, {"c": [ONE, OTHER]}, [Change(("c", "b"), ABSENT, OTHER)]),
        ({"c": [ONE, OTHER]}, {"c": [OTHER]}, [Change(("c", "a"), ONE, ABSENT)]),
        ({"o": [["x", {"en": "X"}]]}, {"o": [["x", {"en": "Y"}]]}, [Change(("o", "x"), {"en": "X"}, {"en": "Y"})]),
        ({"c": [ONE, ONE]}, {"c": [ONE]}, [Change(("c",), [ONE, ONE], [ONE])]),
    ],
)
def test_each_field_is_found_by_its_way(before, after, changes):
    assert list(differences(before, after)) == changes
