"""What a public site owes its readers: privacy notice, accessibility statement, and a way to report a problem."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import func, select

from inspire_lms.kernel import clock, mail
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, Reason, Refused
from inspire_lms.kernel.people.privacy import HELD
from inspire_lms.kernel.plugin import Held, plugins
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.web.forms import Email, Form, LongText, Text, page
from inspire_lms.kernel.web.guard import current_person, public
from inspire_lms.kernel.web.site import done
from inspire_lms.kernel.web.tables import Column, Table

pages = Blueprint("statements", __name__)

PREPARED_ON = date(2026, 11, 21)
"""When the accessibility statement was last gone through."""

REPORTS_AN_HOUR = 30
"""More reports than this within an hour are not taken, so that nobody floods the mail of those who answer."""


class ReportForm(Form):
    """A problem that somebody reports."""

    what = LongText(
        Message("What happened"), hint=Message("What did you want to do, what did you see instead, and when?"), most=2000, rows=7
    )
    page = Text(Message("Address of the page"), hint=Message("Leave it as it is if you came from the page in question."), optional=True)
    address = Email(Message("Your e-mail address"), hint=Message("Only so that we can answer you."), optional=True, autocomplete="email")


@pages.get("/privacy")
@public
def privacy() -> Any:  # noqa: ANN401 (what a view returns)
    """Show the privacy notice, made from what the kernel and every plugin declare."""
    kept = [
        (Message("Accounts, roles, mails and records of deeds"), _as_table(HELD)),
        *((each.title, _as_table(each.privacy)) for each in plugins() if each.privacy),
    ]
    return page("statements/privacy.html", kept=kept)


@pages.get("/accessibility")
@public
def accessibility() -> Any:  # noqa: ANN401
    """Show the accessibility statement."""
    return page("statements/accessibility.html", prepared_on=PREPARED_ON)


@pages.route("/report", methods=["GET", "POST"])
@public
def report() -> Any:  # noqa: ANN401
    """Take a report of a problem and mail it to those who look after the site."""
    person = current_person()
    form = ReportForm({"page": mail.without_keys(request.args.get("page", "")), "address": person.email if person else ""})
    if form.accepted() and form.perform(lambda: send_report(person_id=person.id if person else None, **form.values)):
        return done(Message("Thank you. Your report has been sent to those who look after the site."), to=url_for("pages.home"))
    return page("statements/report.html", form=form)


def send_report(*, what: str, page: str | None, address: str | None, person_id: int | None) -> None:
    """Mail a report to the coordinators of the person's country, to the administrators when there is none.

    The same report sent twice is sent once. Raises Refused when too many came within the hour.
    """
    told = hashlib.sha256("\n".join((what, page or "", address or "", str(person_id))).encode()).hexdigest()[:24]
    with transaction():
        since = clock.now() - timedelta(hours=1)
        lately = session.scalar(
            select(func.count()).select_from(mail.Mail).where(mail.Mail.key.like("report:%"), mail.Mail.written_at > since)
        )
        if (lately or 0) >= REPORTS_AN_HOUR:
            raise Refused(
                Reason("Very many reports have come in within this hour. Please send yours again later; what you wrote stays here.")
            )
        facts = ((Message("Address of the page"), page or "–"), (Message("To be answered at"), address or "–"))
        for reader in _who_answers(person_id):
            letter = mail.letter_to(
                reader, key=f"report:{told}:{reader}", subject=Message("A problem was reported"), facts=facts,
                lines=(Message("Somebody has reported a problem with the site, in these words:"), Message("{words}", words=what)),
            )  # fmt: skip
            mail.queue(letter)


def _who_answers(person_id: int | None) -> Iterable[int]:
    contexts = [cohort.context_id for cohort in programmes.cohorts_of(person_id)] if person_id else []
    coordinators = {each for context in contexts for each in access.people_with_role("coordinator", context)}
    return sorted(coordinators) or access.administrators()


def _as_table(held: Iterable[Held]) -> Table:
    """Show what is held, once for each purpose."""
    columns = (Column("purpose", Message("What for")), Column("basis", Message("On what basis")), Column("keep", Message("For how long")))
    said = dict.fromkeys((one.purpose, one.basis, one.keep) for one in held)
    return Table(columns, [{"purpose": purpose, "basis": basis, "keep": keep} for purpose, basis, keep in said])
