"""The ranking in words: how seats are given, what settled a tie, and whom a quota moved."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, counted
from inspire_lms.kernel.i18n import _, show
from inspire_lms.plugins.online_call.questions import Kind, Question, Section, Texts, all_questions
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking.terms import Quota, code_of


def named(step: str, titles: Mapping[str, Any]) -> str:
    """Name a step of the tie-break in few words, for a table."""
    if step == order.SUBMITTED:
        return _("earlier submission")
    return _("the draw") if step == order.DRAW else show(titles.get(step, step))


def note(settled_by: str | None, moved: Message | None, titles: Mapping[str, Any]) -> Message | None:
    """Say of a line what separated it from the line above, and which quota moved it; None when there is nothing to say."""
    if settled_by is None:
        return moved
    tie = Message("Equal total with the line above; what decided: {step}", step=named(settled_by, titles))
    return tie if moved is None else Message("{tie}. {moved}", tie=tie, moved=moved)


def groups_in_words(groups: Iterable[str], quotas: Sequence[Quota], form: Sequence[Section]) -> Words:
    """Name groups by their quota, and by the answer where each answer makes a group."""
    known, asked = {each.code: each for each in quotas}, _questions(form)
    return _listed([_group(group, known[code_of(group)], asked) for group in groups])


def moved(groups: Sequence[str], *, is_in: bool, quotas: Sequence[Quota], form: Sequence[Section]) -> Message | None:
    """Say to the committee which quotas brought somebody in, or kept somebody out; None when none did."""
    if not groups:
        return None
    words = groups_in_words(groups, quotas, form)
    return Message("Brought in by a quota: {groups}", groups=words) if is_in else Message("Kept out by a quota: {groups}", groups=words)


def moved_oneself(groups: Sequence[str], *, is_in: bool, quotas: Sequence[Quota], form: Sequence[Section]) -> Message | None:
    """Say the same to the applicant."""
    if not groups:
        return None
    words = groups_in_words(groups, quotas, form)
    if is_in:
        return Message(
            "A quota brought you in: {groups}. By the order of the points alone you would have been on the reserve list.", groups=words
        )
    return Message(
        "A quota kept you out at first: {groups}. By the order of the points alone you would have been offered a place.", groups=words
    )


def above_the_cut_off(total: Decimal, cut_off: Decimal | None, *, waits: bool) -> Message | None:
    """Say to who waits on the reserve list why the cut-off lies below the own total; None where it does not.

    Without quotas it cannot: places go down the list, and whoever has left it does not wait.
    """
    if not waits or cut_off is None or total <= cut_off:
        return None
    return Message("A quota has brought in somebody with fewer points: that is why the cut-off lies below your total.")


def seats_in_words(quotas: Sequence[Quota], form: Sequence[Section]) -> tuple[Message, ...]:
    """Say sentence by sentence how the seats are given."""
    if not quotas:
        return (
            Message("The places are offered in the order of the ranking; those behind them are the reserve list, in the same order."),
            Message("A place that becomes free goes to the next on the reserve list."),
        )
    asked = _questions(form)
    said: list[Message] = [_quota(each, asked[each.question]) for each in quotas]
    if any(each.least for each in quotas):
        said += [
            Message("Reserved places are given first, in the order of the ranking, to those who belong to the group."),
            Message("One person takes one reserved place only, also one who belongs to several groups."),
            Message("A reserved place for which nobody of the group is left goes to the next in the order of the ranking."),
        ]
    if any(each.most for each in quotas):
        said.append(
            Message(
                "Nobody gets a place beyond a limit, not even a reserved one: "
                "whoever would exceed it is passed over and stays on the reserve list. A place may then stay free."
            )
        )
    return (
        *said,
        Message("All other places are offered in the order of the ranking; the others are the reserve list, in the same order."),
        Message("A place that becomes free is given by the same rules; those who hold a place keep it, and count for their groups."),
    )


def _quota(quota: Quota, asked: Question) -> Message:
    title, question = Words(quota.title), Words(asked.label)
    if quota.is_written:
        return counted(
            "{title}: at most {n} place for those who gave the same answer to “{question}”.",
            "{title}: at most {n} places for those who gave the same answer to “{question}”.",
            n=quota.most or 0, title=title, question=question,
        )  # fmt: skip
    return _reserved(quota, title, asked) if quota.least is not None else _limited(quota, title, asked)


def _reserved(quota: Quota, title: Words, asked: Question) -> Message:
    n = quota.least or 0
    if quota.answers:
        return counted(
            "{title}: {n} place is reserved (“{question}”: {answers}).",
            "{title}: {n} places are reserved (“{question}”: {answers}).",
            n=n, title=title, question=Words(asked.label), answers=_answers(quota, asked),
        )  # fmt: skip
    groups = _listed(list(asked.options.values()))
    return counted(
        "{title}: {n} place is reserved for each of these groups: {groups}.",
        "{title}: {n} places are reserved for each of these groups: {groups}.",
        n=n, title=title, groups=groups,
    )  # fmt: skip


def _limited(quota: Quota, title: Words, asked: Question) -> Message:
    n = quota.most or 0
    if quota.answers:
        return counted(
            "{title}: at most {n} place (“{question}”: {answers}).",
            "{title}: at most {n} places (“{question}”: {answers}).",
            n=n, title=title, question=Words(asked.label), answers=_answers(quota, asked),
        )  # fmt: skip
    groups = _listed(list(asked.options.values()))
    return counted(
        "{title}: at most {n} place for each of these groups: {groups}.",
        "{title}: at most {n} places for each of these groups: {groups}.",
        n=n, title=title, groups=groups,
    )  # fmt: skip


def _answers(quota: Quota, asked: Question) -> Words | Message:
    """Say which answers make somebody a member: without them nobody could tell who belongs to the group."""
    if asked.kind is Kind.YES_NO:
        return Message("Yes") if "yes" in quota.answers else Message("No")
    return _listed([asked.options[each] for each in quota.answers])


def _group(group: str, quota: Quota, asked: Mapping[str, Question]) -> Words:
    answer = group.partition(":")[2]
    option = asked[quota.question].options.get(answer)
    if option is None:
        return Words(quota.title)
    return Words({language: f"{Words(quota.title).text(language)} ({Words(option).text(language)})" for language in quota.title})


def _listed(texts: Sequence[Texts]) -> Words:
    languages = dict.fromkeys(language for each in texts for language in each)
    return Words({language: ", ".join(Words(each).text(language) for each in texts) for language in languages})


def _questions(form: Sequence[Section]) -> dict[str, Question]:
    return {each.code: each for each in all_questions(form)}
