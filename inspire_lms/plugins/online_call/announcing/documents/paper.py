"""A version of the notice as a document: everything that its page says, to be kept, printed and read aloud."""

from collections import OrderedDict
from collections.abc import Iterator

from flask import current_app

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, ngettext, on_day, show, speaking, when
from inspire_lms.kernel.pdf.blocks import Block, Entries, Grid, Heading, Paragraph
from inspire_lms.kernel.pdf.document import Document, written
from inspire_lms.plugins.online_call.announcing import snapshot
from inspire_lms.plugins.online_call.announcing.documents import privacy
from inspire_lms.plugins.online_call.announcing.documents.texts import laid_out
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.announcing.queries import Step
from inspire_lms.plugins.online_call.announcing.told import told
from inspire_lms.plugins.online_call.applying import notice
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.questions import Kind, Question, all_questions, form_of

KEPT = 60
"""Files kept in the process: a version never changes, so neither does its file."""
ANSWERS = {
    Kind.TEXT: Message("a short text"),
    Kind.LONG: Message("a text"),
    Kind.WHOLE: Message("a whole number"),
    Kind.CHOICE: Message("one of these"),
    Kind.CHOICES: Message("any of these"),
    Kind.YES_NO: Message("yes or no"),
    Kind.DATE: Message("a day"),
    Kind.DECLARATION: Message("a declaration"),
    Kind.CONSENT: Message("a consent that may be taken back"),
    Kind.FILE: Message("a file in PDF"),
}


def pdf(step: Step, language: str) -> bytes:
    """Give a version of the notice in *language* as a file; the same version gives the same bytes."""
    kept: OrderedDict[tuple[str, str], bytes] = current_app.extensions.setdefault("online_call_papers", OrderedDict())
    key = (step.version.digest, language)
    if key not in kept:
        kept[key] = written(document(step, language))
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return kept[key]


def document(step: Step, language: str) -> Document:
    """Lay out a version of the notice in *language*."""
    version = step.version
    call = snapshot.call_of(version.snapshot, version.call)
    with speaking(language, call.cohort.zone):
        about = _("Version {number} of {moment}", number=version.number, moment=when(version.published_at, call.cohort.zone))
        title = _("{title}, {country}", title=call.title.text(), country=call.cohort.country_name.text())
        of_the_call = (*_notice(call, version), *_formula(call, version), *_form(call), *_annexes(call))
        blocks = (Paragraph(about), *of_the_call, *_privacy(version), *_end(step))
        return Document(title, call.cohort.edition.title.text(), f"{title}. {about}", language, version.published_at, blocks)


def _notice(call: Call, version: NoticeVersion) -> Iterator[Block]:
    zone = call.cohort.zone
    yield Heading(call.heading)
    yield from _text(call.lede)
    yield Grid(
        rows=(
            (_("Places"), str(call.cohort.seats)),
            (_("The call opens"), when(call.opens_at, zone)),
            (_("Last moment to submit"), when(call.closes_at, zone)),
            (_("Conditions checked"), on_day(call.checked_by)),
            *(((_("Provisional ranking, and appeals"), _appeals(call)),) if call.appeal_days else ()),
            (_("Ranking and offers"), on_day(call.ranked_by)),
            (_("To answer an offer"), ngettext("{n} day", "{n} days", call.offer_days)),
            (_("Last call from the reserve list"), when(call.reserve_until, zone)),
            (_("The course begins"), on_day(call.cohort.edition.starts_on)),
            (_("Address for questions"), call.contact),
        ),
        shares=(2, 5),
        caption=_("In brief"),
    )
    found = notice.of(call, version.published_at, snapshot.criteria_of(version.snapshot))
    yield Heading(_("Who may apply"))
    yield Paragraph(_("All of these conditions must be met on the day on which the call closes:"))
    yield Entries(found.conditions)
    if found.prepare:
        yield Heading(_("What to prepare"))
        yield Entries(found.prepare)
        yield Paragraph(_("We do not ask for a tax number, an identity document, a photograph or a curriculum vitae."))
    if any(question.is_mendable for question in all_questions(form_of(call.form))):
        yield Heading(_("If something is missing"))
        yield Paragraph(_mending(call))
    yield Heading(_("How applications are judged"))
    heads = (_("Criterion"), _("What it looks at"), _("Points"))
    yield Grid(tuple((one.title, one.about, str(one.weight)) for one in found.weights), heads, (3, 5, 1), frozenset({2}))
    yield from _levels(call, found)


def _levels(call: Call, found: notice.Notice) -> Iterator[Block]:
    """Say of the criteria what does not fit into their table: what stands beside the total, labelled levels, reasons for extremes."""
    for one in (*found.weights, *found.beside):
        if one.levels or not one.counts:
            yield Heading(one.title, 3)
        if not one.counts:
            yield Paragraph(f"{one.about.text()} {_('It stands beside the total: it brings no points in the ranking.')}")
        if one.levels:
            yield Entries(tuple(show(each) for each in one.named))
    if call.explains_extremes:
        yield Paragraph(_("Whoever gives the least or the most that a criterion can bring says why, in writing."))


def _appeals(call: Call) -> str:
    return ngettext(
        "You see your own result on your page; nothing is public. You may appeal within {n} working day of the country, until {time} "
        "on the last day. The day of the publication does not count. The answer says why, and comes from somebody who had no part in "
        "the result.",
        "You see your own result on your page; nothing is public. You may appeal within {n} working days of the country, until {time} "
        "on the last day. The day of the publication does not count. The answer says why, and comes from somebody who had no part in "
        "the result.",
        call.appeal_days,
        time=call.offer_until,
    )


def _mending(call: Call) -> str:
    return ngettext(
        "If a document is missing or something cannot be read, the coordinator may ask you for it after the call has closed. "
        "You then have {n} day, and can mend it once. What brings points cannot be mended.",
        "If a document is missing or something cannot be read, the coordinator may ask you for it after the call has closed. "
        "You then have {n} days, and can mend it once. What brings points cannot be mended.",
        call.mend_days,
    )


def _formula(call: Call, version: NoticeVersion) -> Iterator[Block]:
    found = notice.of(call, version.published_at, snapshot.criteria_of(version.snapshot))
    yield Paragraph(
        _(
            "Two people evaluate each application without seeing each other’s points; the mean counts. When their totals are "
            "more than {gap} points apart a third person evaluates, and the two nearest totals count.",
            gap=call.gap,
        )
    )
    yield Paragraph(
        _(
            "Means are rounded to two decimal places, halves upwards. When the middle one of three totals is equally far from "
            "the other two, all three count."
        )
    )
    yield Paragraph(_("The ranking is the order of the totals, the highest first."))
    if call.suitable_from:
        least = call.suitable_from
        yield Paragraph(_("Below {points} points an application gets no place and is not put on the reserve list.", points=least))
    yield Heading(_("When totals are equal"), 3)
    yield Paragraph(_("First comes, step by step until one decides:"))
    yield Entries(tuple(show(one) for one in found.chain), is_numbered=True)
    yield Paragraph(_("The seed of the draw: {seed}", seed=call.seed), is_note=True)
    yield Paragraph(
        _(
            "Whoever wants to repeat the draw computes for each application the SHA-256 of the seed, a colon and the protocol "
            "number; the smallest comes first."
        ),
        is_note=True,
    )
    yield Heading(_("How the places are given"), 3)
    yield Entries(tuple(show(one) for one in found.seats), is_numbered=True)


def _form(call: Call) -> Iterator[Block]:
    yield Heading(_("What the form asks"))
    for section in form_of(call.form):
        yield Heading(Words(section.title), 3)
        yield Entries(tuple(_question(one) for one in section.questions))


def _question(question: Question) -> Words | str:
    """Say what is asked, and what kind of answer is wanted."""
    said = Words(question.label)
    kind = show(ANSWERS[question.kind])
    if question.options:
        kind = f"{kind}: " + ", ".join(Words(one).text() for one in question.options.values())
    if question.is_optional:
        kind = _("{kind}; may be left out", kind=kind)
    return f"{said.text()} ({kind})"


def _annexes(call: Call) -> Iterator[Block]:
    for one in call.annexes:
        yield Heading(_("Annex: {title}", title=Words(one["title"]).text()))
        yield from _text(Words(one["text"]))


def _text(text: Words) -> Iterator[Block]:
    """Lay out a longer text; one that nobody translated is marked with its language."""
    said, language = text.spoken()
    for part in laid_out(said):
        lines = tuple(Words({language: line}) for line in part.lines)
        yield Entries(lines) if part.is_list else Paragraph(lines[0])


def _privacy(version: NoticeVersion) -> Iterator[Block]:
    yield Heading(_("Privacy notice"))
    for section in privacy.sections(version.snapshot):
        yield Heading(show(section.heading), 3)
        for line in section.lines:
            yield Paragraph(line if isinstance(line, Words) else show(line))
        if section.rows:
            yield Grid(section.rows, (_("What for"), _("On what basis"), _("For how long")), (4, 4, 4))


def _end(step: Step) -> Iterator[Block]:
    """Say what changed with this version, and by what it can be recognised."""
    if step.before:
        yield Heading(_("What changed with this version"))
        if step.version.reason:
            yield Paragraph(step.version.reason)
        for one in told(step):
            yield Paragraph(f"{show(one.what)}: {show(one.said)}")
            if one.texts:
                before, after = one.texts
                yield Grid(((_("Before"), _shown(before)), (_("Now"), _shown(after))), shares=(1, 5))
    yield Paragraph(f"{_('Fingerprint of this version (SHA-256)')}: {step.version.digest}", is_note=True)


def _shown(text: object) -> Words | str:
    return text if isinstance(text, Words) else show(text)
