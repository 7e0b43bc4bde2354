"""How components talk: facts are announced, enquiries are asked or gathered."""

import dataclasses
import importlib
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask import g, has_request_context, request

from inspire_lms.contracts import Enquiry, Fact
from inspire_lms.kernel import i18n, jobs
from inspire_lms.kernel.plugin import is_on, is_on_for_cohort, registry

Answer = TypeVar("Answer")


def announce(fact: Fact) -> None:
    """Tell *fact* to its listeners: one row of the outbox for each, in the transaction that is open."""
    kind = type(fact)
    for name in registry().listens.get(kind, {}):
        jobs.later("kernel.deliver", plugin=name, fact=f"{kind.__module__}:{kind.__name__}", told=packed(fact))


def deliver(plugin: str, fact: str, told: Mapping[str, Any]) -> None:
    """Let one plugin hear a stored fact; nothing happens when the plugin has gone. While it is switched off, the fact waits."""
    module, _, name = fact.partition(":")
    kind: type[Fact] = getattr(importlib.import_module(module), name)
    listener = registry().listens.get(kind, {}).get(plugin)
    heard = unpacked(kind, told)
    if listener is None:
        return
    if not _is_open(plugin, heard):
        raise jobs.WaitsError
    listener(heard)


def ask(enquiry: Enquiry[Answer], default: Answer) -> Answer:
    """Ask what one plugin knows; *default* when nobody is there. A page asks the same thing once.

    Raises RuntimeError when two plugins answer.
    """
    answers = gather(enquiry)
    if len(answers) > 1:
        msg = f"Several plugins answer {type(enquiry).__name__}; ask() wants one."
        raise RuntimeError(msg)
    return answers[0] if answers else default


def gather(enquiry: Enquiry[Answer]) -> list[Answer]:
    """Ask all plugins, in the order of their names; one answer for each that knows something."""
    kept: dict[Any, list[Answer]] | None = g.setdefault("enquiries", {}) if has_request_context() and request.method == "GET" else None
    asked = (enquiry, i18n.current())
    if kept is not None and asked in kept:
        return kept[asked]
    answerers = registry().answers.get(type(enquiry), {})
    answers = [answer(enquiry) for name, answer in sorted(answerers.items()) if _is_open(name, enquiry)]
    if kept is not None:
        kept[asked] = answers
    return answers


def _is_open(plugin: str, about: object) -> bool:
    cohort_id = getattr(about, "cohort_id", None)
    return is_on(plugin) if cohort_id is None else is_on_for_cohort(plugin, cohort_id)


def packed(fact: Fact) -> dict[str, Any]:
    """Turn a fact into JSON."""
    return {each.name: _plain(getattr(fact, each.name)) for each in dataclasses.fields(fact)}  # type: ignore[arg-type]  # facts are dataclasses


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def unpacked(kind: type[Fact], told: Mapping[str, Any]) -> Fact:
    """Make a fact again; the types of its fields say how."""
    hints = typing.get_type_hints(kind)
    return kind(**{name: _typed(hints[name], value) for name, value in told.items()})


def _typed(hint: Any, value: Any) -> Any:  # noqa: ANN401
    if value is None:
        return None
    if isinstance(hint, types.UnionType):
        return _typed(next(each for each in typing.get_args(hint) if each is not type(None)), value)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)
        kinds = [inner[0]] * len(value) if len(inner) > 1 and inner[1] is Ellipsis else inner
        return tuple(_typed(one, each) for one, each in zip(kinds, value, strict=True))
    if hint in {datetime, date}:
        return hint.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value
