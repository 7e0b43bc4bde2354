"""The register's pages: closing, correcting, importing reports, and taking it away as PDF or CSV."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for

from inspire_lms.kernel import audit, clock, files, i18n
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere, counted
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import cohort_zones, me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.attendance import closing, forms, importing, paper, register, tables
from inspire_lms.plugins.webinar.attendance.forgetting import KEEP_UNCONFIRMED
from inspire_lms.plugins.webinar.attendance.importing import Waiting
from inspire_lms.plugins.webinar.blueprint import pages
from inspire_lms.plugins.webinar.models import Stay, Webinar


@dataclass(frozen=True)
class Found:
    """A connection with the webinar that it belongs to."""

    id: int
    cohort_id: int
    stay: Stay
    webinar: Webinar


def connection(stay_id: int) -> Found | None:
    """Find a connection."""
    stay = session.get(Stay, stay_id)
    held = queries.webinar(stay.webinar_id) if stay else None
    return Found(stay.id, held.cohort_id, stay, held) if stay and held else None


@pages.get("/<int:webinar_id>/register")
@needs("webinar:take-attendance", of=queries.webinar)
def attendance_register(held: Webinar) -> Any:  # noqa: ANN401 (what a view returns)
    """Show the register with every connection and every change."""
    found, now = register.register(held), clock.now()
    why_not_record = rules.why_not_record(held.state, held.starts_at, at=now)
    return page(
        "webinar/register.html",
        held=held,
        register=found,
        table=tables.register_table(held, found, changeable=why_not_record is None),
        changes=[paper.spoken_change(each, held.zone) for each in found.changes],
        reports=importing.confirmed(held.id),
        why_not_close=rules.why_not_close(held.state, held.ends_at, held.closed_at, held.zone, at=now),
        why_not_record=why_not_record,
        fingerprint=paper.fingerprint(held, found),
    )


@pages.post("/<int:webinar_id>/close")
@needs("webinar:take-attendance", of=queries.webinar)
def close_register(held: Webinar) -> Any:  # noqa: ANN401
    """Close the register."""
    webinar_id = held.id
    closing.close(webinar_id, by=me())
    return done(Message("The register is closed. The trainees see their minutes now."), to=_to_register(webinar_id))


@pages.get("/<int:webinar_id>/register.csv")
@needs("webinar:take-attendance", of=queries.webinar)
def register_csv(held: Webinar) -> Response:
    """Give the register with every connection as CSV."""
    return tables.register_file(register.register(held)).csv(f"register-{held.number}")


@pages.get("/<int:webinar_id>/register.pdf")
@needs("webinar:take-attendance", of=queries.webinar)
def register_pdf(held: Webinar) -> Response:
    """Give the register on paper, in the language of the cohort."""
    cohort = programmes.cohort(held.cohort_id)
    if cohort is None:
        raise NotThere
    with i18n.speaking(cohort.language, held.zone):
        content = paper.pdf(held, register.register(held), cohort)
    return files.download(content, f"register-{held.number}.pdf", files.PDF)


@pages.route("/<int:webinar_id>/line/<int:person_id>", methods=["GET", "POST"])
@needs("webinar:take-attendance", of=queries.webinar)
def line(held: Webinar, person_id: int) -> Any:  # noqa: ANN401
    """Show one person's connections, and the person can see who looked; enter one by hand."""
    one = next((each for each in register.register(held).lines if each.person_id == person_id), None)
    if one is None:
        raise NotThere
    if request.method == "GET" and person_id != me():
        with transaction():
            audit.record("webinar.looked", ("webinar_webinar", held.id), by=me(), about=person_id, cohort_id=held.cohort_id)
    form = forms.hand_form(held.zone, held.starts_at, held.ends_at)
    webinar_id = held.id
    if form.accepted() and form.perform(lambda: _enter(webinar_id, person_id, form)):
        return done(Message("The connection is on the register, with your reason."), to=_to_register(webinar_id))
    return page("webinar/line.html", form=form, held=held, line=one, spoken=tables.spoken)


def _enter(webinar_id: int, person_id: int, form: Form) -> None:
    values = form.values
    closing.add_by_hand(webinar_id, person_id, came_at=values["came"], left_at=values["left"], reason=values["reason"], by=me())


@pages.route("/stay/<int:stay_id>/strike", methods=["GET", "POST"])
@needs("webinar:take-attendance", of=connection)
def strike(found: Found) -> Any:  # noqa: ANN401
    """Say that a connection does not count."""
    form = forms.StrikeForm()
    stay_id, webinar_id = found.id, found.webinar.id
    if form.accepted() and form.perform(lambda: closing.strike(stay_id, reason=form.values["reason"], by=me())):
        return done(Message("The connection is struck out, with your reason."), to=_to_register(webinar_id))
    one = next(each for each in register.connections(found.webinar, found.stay.person_id) if each.id == stay_id)
    return page("webinar/strike.html", form=form, held=found.webinar, spoken=tables.spoken(one, found.webinar.zone))


@pages.route("/<int:webinar_id>/report", methods=["GET", "POST"])
@needs("webinar:take-attendance", of=queries.webinar)
def report(held: Webinar) -> Any:  # noqa: ANN401
    """Take the report of a meeting tool; nothing is counted yet."""
    names = {each: i18n.zone_name(each, held.starts_at) for each in [held.zone, *sorted({*cohort_zones().values(), "UTC"} - {held.zone})]}
    form = forms.report_form(held.zone, names)
    webinar_id, made = held.id, []
    if form.accepted() and form.perform(lambda: made.append(_read(webinar_id, form))):
        return redirect(url_for("webinar.who", report_id=made[0]), 303)
    return page("webinar/report.html", form=form, held=held)


def _read(webinar_id: int, form: Form) -> int:
    sent = form.values["report"]
    return importing.read(webinar_id, sent.read(), name=sent.filename, zone=form.values["zone"], by=me()).id


@pages.route("/report/<int:report_id>", methods=["GET", "POST"])
@needs("webinar:take-attendance", of=importing.waiting)
def who(found: Waiting) -> Any:  # noqa: ANN401
    """Ask who is who in a report, and count it when that is said."""
    form = forms.who_form(found)
    report_id, webinar_id, added = found.id, found.webinar.id, []
    if form.accepted() and form.perform(lambda: added.append(importing.confirm(report_id, answers=forms.answers(form, found), by=me()))):
        return done(
            counted("{n} connection is on the register.", "{n} connections are on the register.", n=added[0]), to=_to_register(webinar_id)
        )
    doubtful = sum(1 for each in found.matches if each.doubt)
    return page(
        "webinar/who.html",
        form=form,
        held=found.webinar,
        report=found.report,
        doubtful=doubtful,
        sure=len(found.matches) - doubtful,
        days_kept=KEEP_UNCONFIRMED.days,
    )


@pages.post("/report/<int:report_id>/drop")
@needs("webinar:take-attendance", of=importing.waiting)
def drop_report(found: Waiting) -> Any:  # noqa: ANN401
    """Forget a report that was not counted."""
    webinar_id = importing.drop(found.id)
    return done(Message("The report was put away; nothing was counted."), to=_to_register(webinar_id))


def _to_register(webinar_id: int) -> str:
    return url_for("webinar.attendance_register", webinar_id=webinar_id)
