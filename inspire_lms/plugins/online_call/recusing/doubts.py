"""What the system cannot tell about who works for whom, shown beside the assignment: a person decides."""

import re
from collections.abc import Collection, Mapping

from inspire_lms.kernel.errors import Message, counted
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.names import fold
from inspire_lms.kernel.people.queries import PersonName
from inspire_lms.plugins.online_call.models import Application


def may_be_same(one: str, other: str) -> bool:
    """Say whether one administration may be a part of the other: the name of one stands in the other's as whole words.

    What is the same when folded is no doubt: that is found by itself.
    """
    if fold(one) == fold(other):
        return False
    first, second = (" ".join(re.findall(r"\w+", fold(each))) for each in (one, other))
    return bool(first and second) and (f" {first} " in f" {second} " or f" {second} " in f" {first} ")


def doubts(application: Application, person_ids: Collection[int], names: Mapping[int, PersonName]) -> list[Message]:
    """Say of those who evaluate an application, or may be asked to, whose administration is not known or may be the applicant's."""
    works = people.works_of(person_ids)
    told = {each: works[each].organisation for each in names if each in person_ids and each in works and works[each].organisation}
    silent = sorted(names[each].name for each in names if each in person_ids and each not in told)
    alike = [
        Message(
            "{name} works for “{administration}”. Is that the administration of the applicant?",
            name=names[each].name,
            administration=told[each],
        )
        for each in sorted(told, key=lambda each: names[each].sort_key)
        if may_be_same(told[each], application.administration)
    ]
    if not silent:
        return alike
    untold = counted(
        "{n} evaluator has not said for which administration they work, so that a colleague is not found: {names}",
        "{n} evaluators have not said for which administration they work, so that colleagues are not found: {names}",
        n=len(silent), names=", ".join(silent),
    )  # fmt: skip
    return [*alike, untold]
