"""The minutes of a publication in words: who, by which rules, which applications, in what order. Applications by code, never by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.i18n import _, number, show, when
from inspire_lms.kernel.pdf.blocks import Block, Entries, Grid, Heading, Paragraph
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.queries import PersonName
from inspire_lms.plugins.online_call.announcing import queries as announcing
from inspire_lms.plugins.online_call.announcing import snapshot
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.appealing import lists as appeals
from inspire_lms.plugins.online_call.applying import notice
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.eligibility import rules_of
from inspire_lms.plugins.online_call.judging.lists import STATES
from inspire_lms.plugins.online_call.models import Call, Criterion
from inspire_lms.plugins.online_call.overriding.lists import DECISIONS
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.publishing.rules import KINDS
from inspire_lms.plugins.online_call.questions import form_of
from inspire_lms.plugins.online_call.ranking import told
from inspire_lms.plugins.online_call.ranking.terms import Terms

LINE = "_" * 36
"""Where somebody signs."""


class Said(NamedTuple):
    """The words of the call when the list was published: a correction of its text later changes no minutes."""

    call: Call
    criteria: list[Criterion]
    """Those of which the total is made."""
    version: NoticeVersion | None
    """None for a call from before versions were kept."""


def said_then(publication: Publication) -> Said:
    """Give the words by which a publication was made."""
    kept, call = publication.minutes.get("notice"), publication.call
    number = kept["number"] if kept else announcing.in_force(call.id, publication.published_at)
    version = announcing.numbered(call.id, number) if number else None
    criteria = snapshot.criteria_of(version.snapshot) if version else applying.criteria(call.id)
    said = snapshot.call_of(version.snapshot, call) if version else call
    return Said(said, [each for each in criteria if each.counts], version)


def blocks(publication: Publication, said: Said) -> tuple[Block, ...]:
    """Lay out the minutes in the language that is spoken now."""
    kept = publication.minutes
    names = people.names(_people(kept))
    return (
        *_what(publication, said),
        *_by_which_rules(publication, said),
        *_committee(kept, names),
        *_applications(kept),
        *_list(publication, said),
        *_left_out(publication, said),
        *_by_two(kept, names),
        *_appeals(kept),
        *_signatures(kept, names),
    )


def title(publication: Publication) -> str:
    """Name the minutes."""
    return _("Minutes no. {number}: {kind}", number=publication.number, kind=show(KINDS[publication.kind]))


def _people(kept: Mapping[str, Any]) -> list[int]:
    noted = (*kept["evaluators"], *kept["conflicts"], *kept["abstained"], *kept["excluded"])
    both = (each[who] for each in kept.get("by_two", ()) for who in ("proposed", "confirmed"))
    return [*kept["coordinators"], *(each["person"] for each in noted), *both]


def _name(person: int, names: Mapping[int, PersonName]) -> str:
    known = names.get(person)
    return known.name if known is not None and known.name else _("somebody who has no account any more")


def _what(publication: Publication, said: Said) -> tuple[Block, ...]:
    call, zone = said.call, said.call.cohort.zone
    rows = [
        (_("Call"), call.title.text()),
        (_("Country"), call.cohort.country_name.text()),
        (_("Publication"), f"{publication.number}, {show(KINDS[publication.kind])}"),
        (_("Published"), when(publication.published_at, zone)),
    ]
    if publication.number > 1:
        rows.append((_("Replaces"), _("no. {number}", number=publication.number - 1)))
    if publication.appeal_until:
        rows.append((_("Appeals possible until"), when(publication.appeal_until, zone)))
    if publication.reason:
        rows.append((_("The reason"), publication.reason))
    rows.append((_("Fingerprint"), publication.digest))
    if publication.follows:
        rows.append((_("Fingerprint of the one before"), publication.follows))
    return (Grid(rows=tuple(rows), shares=(1, 3)), Paragraph(_("For the committee only. It is not published."), is_note=True))


def _by_which_rules(publication: Publication, said: Said) -> tuple[Block, ...]:
    terms, version = Terms.restored(publication.terms), said.version
    titles = {each.code: each.title for each in said.criteria}
    steps = tuple(show(notice.step_in_words(step, titles)) for step in terms.chain)
    rows = (
        (_("Version of the notice"), str(version.number) if version else "–"),
        (_("Fingerprint of the notice"), version.digest if version else "–"),
        (_("Places"), str(terms.seats)),
        (_("Points needed for a place or the reserve list"), number(terms.suitable_from, 2)),
        (_("Seed of the draw"), terms.seed),
    )
    seats = tuple(show(each) for each in told.seats_in_words(terms.quotas, form_of(said.call.form)))
    return (
        Heading(_("By which rules")),
        Grid(rows=rows, shares=(1, 3)),
        Heading(_("When totals are equal"), 3),
        Entries(steps, is_numbered=True),
        Heading(_("How the places are given"), 3),
        Entries(seats, is_numbered=True),
    )


def _committee(kept: Mapping[str, Any], names: Mapping[int, PersonName]) -> tuple[Block, ...]:
    members = [(_name(each, names), _("Coordinator"), "") for each in kept["coordinators"]]
    members += [(_name(each["person"], names), _("Evaluator"), str(each["evaluations"])) for each in kept["evaluators"]]
    conflicts = [(_name(each["person"], names), each["number"], each["what"]) for each in kept["conflicts"]]
    abstained = [(_name(each["person"], names), each["number"], each["what"]) for each in kept["abstained"]]
    near: dict[int, list[str]] = {}
    for each in kept["excluded"]:
        near.setdefault(each["person"], []).append(each["number"])
    return (
        Heading(_("Committee")),
        *_grid((_("Name"), _("Part"), _("Evaluations")), members, shares=(3, 2, 1), figures={2}),
        Heading(_("Conflicts of interest that were declared"), 3),
        *_grid((_("Name"), _("Application"), _("The conflict")), conflicts),
        *((Heading(_("Abstentions"), 3), *_grid((_("Name"), _("Application"), _("The reason")), abstained)) if abstained else ()),
        Heading(_("Kept away by the system: of the same administration"), 3),
        *_grid((_("Name"), _("Applications")), [(_name(person, names), ", ".join(those)) for person, those in near.items()], shares=(1, 2)),
    )


def _applications(kept: Mapping[str, Any]) -> tuple[Block, ...]:
    rows = [(show(STATES[state][1]), str(count)) for state, count in kept["states"].items()]
    under = [("–" if version is None else str(version), str(count)) for version, count in kept.get("applied_under", ())]
    heads = (_("Made under the version of the notice"), _("Number"))
    return (
        Heading(_("Applications")),
        *_grid((_("State"), _("Number")), rows, shares=(3, 1), figures={1}),
        *(_grid(heads, under, shares=(3, 1), figures={1}) if under else ()),
    )


def _list(publication: Publication, said: Said) -> tuple[Block, ...]:
    """List the ranking in three groups, as the committees of the countries do (domain.md 6.1): the third goes on with the not eligible."""
    criteria, terms, form = said.criteria, Terms.restored(publication.terms), form_of(said.call.form)
    titles = {each.code: each.title for each in criteria}
    selected, reserve, rejected = (list[tuple[str, ...]]() for _group in range(3))
    for line in publication.lines:
        moved = told.moved(line["moved_by"], is_in=line["chosen"], quotas=terms.quotas, form=form)
        note = told.note(line["settled_by"], moved, titles)
        points = (number(Decimal(line["points"].get(each.code, "0")), 2) for each in criteria)
        group = selected if line["chosen"] else reserve if line["suitable"] else rejected
        total = number(Decimal(line["total"]), 2)
        group.append((str(line["position"]), line["number"], *points, total, show(note) if note else ""))
    heads = (_("No."), _("Application"), *(f"{place}" for place in range(1, len(criteria) + 1)), _("Total"), _("What decided"))
    figures, shares = {0, *range(2, 3 + len(criteria))}, (0.6, 2.6, *(0.8 for _each in criteria), 0.9, 2.6)
    groups = ((_("Selected"), selected), (_("Reserve list"), reserve), (_("Rejected: not enough points"), rejected))
    return (
        Heading(_("Ranking")),
        Paragraph(_("The columns with a number hold the points for these criteria:")),
        Entries(tuple(each.title.text() for each in criteria), is_numbered=True),
        *(block for name, rows in groups for block in (Heading(name, 3), *_grid(heads, rows, shares=shares, figures=figures))),
    )


def _left_out(publication: Publication, said: Said) -> tuple[Block, ...]:
    conditions = {rule.code: Words(rule.title) for rule in rules_of(said.call.eligibility)}
    rows = []
    for each in publication.minutes["not_eligible"]:
        missed = "\n".join(conditions[rule].text() for rule in each["rules"] if rule in conditions)
        rows.append((each["number"], missed or _("Decided by the committee")))
    return (Heading(_("Rejected: not eligible"), 3), *_grid((_("Application"), _("Conditions that are not met")), rows, shares=(1, 2)))


def _by_two(kept: Mapping[str, Any], names: Mapping[int, PersonName]) -> tuple[Block, ...]:
    """List the decisions by two people; earlier minutes did not state them."""
    if "by_two" not in kept:
        return ()
    rows = [
        (each["number"], show(DECISIONS[each["eligible"]]), _name(each["proposed"], names), _name(each["confirmed"], names))
        for each in kept["by_two"]
    ]
    heads = (_("Application"), _("Decision"), _("Proposed by"), _("Confirmed by"))
    return (Heading(_("Decisions by two people")), *_grid(heads, rows, shares=(1.6, 1.6, 1.4, 1.4)))


def _appeals(kept: Mapping[str, Any]) -> tuple[Block, ...]:
    rows = []
    for each in kept["appeals"]:
        filed, state = when(datetime.fromisoformat(each["filed_at"])), appeals.STATES[each["state"]][1]
        rows.append((each["number"], each["application"], show(appeals.ABOUT[each["about"]]), filed, show(state)))
    heads = (_("No."), _("Application"), _("Against what"), _("Received"), _("Outcome"))
    return (Heading(_("Appeals")), *_grid(heads, rows, shares=(0.6, 2.6, 1.6, 2, 1.4)))


def _signatures(kept: Mapping[str, Any], names: Mapping[int, PersonName]) -> tuple[Block, ...]:
    signing = dict.fromkeys([*kept["coordinators"], *(each["person"] for each in kept["evaluators"])])
    rows = [(_name(each, names), LINE) for each in signing]
    return (Heading(_("Signatures")), *_grid((_("Name"), _("Place, day and signature")), rows, shares=(1, 2)))


def _grid(
    heads: Sequence[str], rows: Sequence[tuple[str, ...]], *, shares: tuple[float, ...] = (), figures: set[int] | None = None
) -> tuple[Block, ...]:
    """Give a table, or a sentence where it would be empty."""
    if not rows:
        return (Paragraph(_("None.")),)
    return (Grid(rows=tuple(rows), heads=tuple(heads), shares=shares, figures=frozenset(figures or ())),)
