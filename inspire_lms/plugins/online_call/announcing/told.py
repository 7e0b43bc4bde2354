"""Changes in words: what it is, and from what to what; of longer texts both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, When
from inspire_lms.kernel.i18n import show
from inspire_lms.plugins.online_call.announcing import snapshot
from inspire_lms.plugins.online_call.announcing.changes import ABSENT, ORDER, Change, is_words
from inspire_lms.plugins.online_call.announcing.labels import FIELDS, PARTS, WITHIN
from inspire_lms.plugins.online_call.announcing.queries import Step
from inspire_lms.plugins.online_call.applying import notice
from inspire_lms.plugins.online_call.models import Call

SHORT = 90
"""Characters of a text that can stand within a sentence."""
NOTHING = Message("nothing")
TEXTS_ON_THE_PAGE = Message("The text has changed. Both texts stand on the page of the call.")


@dataclass(frozen=True)
class Told:
    """One change, to be read."""

    what: Message
    said: Message
    """What became of it, in a sentence: from what to what."""
    texts: tuple[Any, Any] | None = None
    """The texts before and after, where they are too long for a sentence."""

    @property
    def in_a_mail(self) -> Message:
        """What a mail says of it."""
        return TEXTS_ON_THE_PAGE if self.texts else self.said


def told(step: Step) -> tuple[Told, ...]:
    """Say in words what changed with a version."""
    if step.before is None:
        return ()
    teller = _Teller(step.before.snapshot, step.version.snapshot)
    places = {name: place for place, name in enumerate(FIELDS)}
    in_order = sorted(step.changes, key=lambda change: places.get(change.path[0], len(places)))
    return tuple(teller.tell(change) for change in in_order)


class _Teller:
    """Tells the changes between two snapshots."""

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.before, self.after = before, after

    def tell(self, change: Change) -> Told:
        what = self._what(change.path)
        if change.path == (snapshot.HELD,):
            return Told(what, Message("The declarations of the program have changed; each version of the notice shows its own."))
        if change.before is ABSENT or change.after is ABSENT:
            return Told(what, Message("added") if change.before is ABSENT else Message("removed"))
        if change.path[-1] == ORDER:
            return self._from_to(what, self._in_order(change, self.before, change.before), self._in_order(change, self.after, change.after))
        quoted = is_words(change.before)
        return self._from_to(what, self._value(change.path, change.before), self._value(change.path, change.after), quoted=quoted)

    def _from_to(self, what: Message, before: Any, after: Any, *, quoted: bool = False) -> Told:  # noqa: ANN401 (what can be shown)
        if max(len(show(before)), len(show(after))) > SHORT:
            return Told(what, Message("The text has changed."), (before, after))
        if quoted:
            return Told(what, Message("from “{before}” to “{after}”", before=before, after=after))
        return Told(what, Message("from {before} to {after}", before=before, after=after))

    def _what(self, path: Sequence[str]) -> Message:
        """Name a field by the part that it belongs to: Criterion “Motivation”, weight."""
        top = FIELDS.get(path[0]) or Message("{words}", words=path[0])
        part: Message | None = None
        rest: list[Message] = []
        for place, name in enumerate(path[1:], start=1):
            holder = path[place - 1]
            if name == ORDER:
                rest.append(Message("order"))
            elif (holder in PARTS and not is_words(self._at(path[: place + 1]))) or holder == "options":
                part, rest = self._part(path, place), []
            else:
                rest.append(WITHIN.get(name) or FIELDS.get(name) or Message("{words}", words=name))
        named = [part or top, *rest[-1:]]
        return named[0] if len(named) == 1 else Message("{part}, {field}", part=named[0], field=named[1])

    def _part(self, path: Sequence[str], place: int) -> Message:
        holder, code = path[place - 1], path[place]
        title = self._title(self._at(path[: place + 1]), code)
        question = self._title(self._at(path[: place - 1]), "") if holder == "options" else ""
        return Message(PARTS[holder].text, title=title, question=question)

    def _at(self, path: Sequence[str]) -> Any:  # noqa: ANN401 (whatever stands there)
        """Give what stands at *path* now, or stood there."""
        return next((found for whole in (self.after, self.before) if (found := _follow(whole, path)) is not ABSENT), None)

    def _title(self, found: Any, code: str) -> Any:  # noqa: ANN401
        if is_words(found):
            return Words(found)
        if isinstance(found, Mapping):
            return Words(found.get("title") or found.get("label") or {"en": code})
        return code

    def _in_order(self, change: Change, whole: Mapping[str, Any], codes: Iterable[str]) -> Words:
        titles = [self._title(_follow(whole, (*change.path[:-1], code)), code) for code in codes]
        return _listed([title if isinstance(title, Words) else Words(en=title) for title in titles])

    def _value(self, path: Sequence[str], value: Any) -> Any:  # noqa: ANN401
        if value is None or value == []:
            return NOTHING
        if isinstance(value, bool):
            return Message("Yes") if value else Message("No")
        if is_words(value):
            return Words(value) if value else NOTHING
        if path == ("chain",):
            titles = {one["code"]: Words(one["title"]) for one in self.after["criteria"]}
            steps: list[Any] = [notice.step_in_words(step, titles) for step in value]
            return reduce(lambda one, other: Message("{one}, then {other}", one=one, other=other), steps)
        if isinstance(value, list):
            return _list_in_words(value)
        column = snapshot.columns(Call).get(path[0]) if len(path) == 1 else None
        found = snapshot.typed(column, value) if column is not None else value
        return When(found, self.after["zone"]) if isinstance(found, datetime) else found


def _follow(whole: Any, path: Sequence[str]) -> Any:  # noqa: ANN401
    found = whole
    for name in path:
        if isinstance(found, Mapping):
            found = found.get(name, ABSENT)
        elif isinstance(found, list):
            found = dict((one["code"], one) if isinstance(one, Mapping) else (one[0], one[1]) for one in found).get(name, ABSENT)
        else:
            return ABSENT
    return found


def _list_in_words(values: Sequence[Any]) -> Words | str:
    """Put a list into words: texts one after another, codes as they are."""
    if all(is_words(one) for one in values):
        return _listed([Words(one) for one in values])
    if all(isinstance(one, Mapping) and one.get("title") for one in values):
        return _listed([_titled(one) for one in values])
    return ", ".join(str(one) for one in values if not isinstance(one, Mapping | list)) or str(len(values))


def _titled(part: Mapping[str, Any]) -> Words:
    """Name a part of a list by its title, and a level by its points too."""
    points = f" ({part['points']})" if "points" in part else ""
    return Words({language: text + points for language, text in part["title"].items()})


def _listed(texts: Sequence[Words]) -> Words:
    languages = dict.fromkeys(language for each in texts for language in each)
    return Words({language: ", ".join(each.text(language) for each in texts) for language in languages})
