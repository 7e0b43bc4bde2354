"""For administrators: which mails were written to whom, one mail, and the addresses to which nothing is sent."""

from typing import Any

from flask import Blueprint, request, url_for

from inspire_lms.contracts.mails import MailLookedAt
from inspire_lms.kernel import audit, bus, clock, mail
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.mail import MailState
from inspire_lms.kernel.mailing import refused, refusing
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.forms import Email, Form, Text, asked_number, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.mails import listing
from inspire_lms.kernel.web.site import done
from inspire_lms.kernel.web.tables import Cell, Column, Table, paged

pages = Blueprint("mails", __name__, url_prefix="/admin/mail")
LONGEST = 300
"""Most characters of why an address is refused."""
STATES = {
    MailState.QUEUED: ("half", Message("Waiting to be sent")),
    MailState.SENT: ("ok", Message("Sent")),
    MailState.KEPT: ("wait", Message("Kept here, no mail server is set")),
    MailState.FAILED: ("bad", Message("Refused by the mail server")),
    MailState.REFUSED: ("bad", Message("Address refused")),
    MailState.HELD: ("wait", Message("Waits to be released")),
    MailState.DROPPED: ("half", Message("Dropped, not sent")),
}
WHY = Message("What the answer says")


class RefusedForm(Form):
    """To which address nothing is sent any more, and why."""

    address = Email(Message("E-mail address"), autocomplete="off")
    said = Text(WHY, most=LONGEST, hint=Message("For example: the mailbox does not exist."), autocomplete="off")


class CameBackForm(Form):
    """Why a mail came back."""

    said = Text(WHY, most=LONGEST, hint=Message("For example: the mailbox does not exist."), autocomplete="off")


@pages.get("")
@needs("kernel:administer")
def mails() -> Any:  # noqa: ANN401 (what a view returns)
    """List the mails that were written, newest first: all, those to one person, or those that fit a name or an address."""
    wanted, number = request.args.get("q", "").strip()[:100], asked_number(request.args, "person")
    reader = people.names([number]).get(number) if number else None
    if number and reader is None:
        raise NotThere
    found = paged(listing.mails(wanted, person_id=number or None))
    rows = [
        {
            "at": row.written_at,
            "to": Cell(row.name or row.address, note=row.address),
            "subject": Cell(row.subject, href=url_for("mails.one_mail", mail_id=row.id)),
            "state": _state(row),
        }
        for row in found.rows
    ]
    columns = (
        Column("subject", Message("Subject")),
        Column("to", Message("To")),
        Column("at", Message("Written")),
        Column("state", Message("State")),
    )
    empty = Message("No mail fits what you are looking for.") if wanted else Message("No mail was written yet.")
    return page("admin/mails.html", table=Table(columns, rows, empty=empty), paged=found, wanted=wanted, reader=reader)


def _state(row: Any) -> Cell:  # noqa: ANN401 (a row)
    kind, word = STATES[MailState(row.state)]
    return Cell(word, status=kind, note=Message(row.error) if row.error else None)


@pages.get("/<int:mail_id>")
@needs("kernel:administer")
def one_mail(mail_id: int) -> Any:  # noqa: ANN401
    """Show one mail as its reader sees it."""
    found = mail.one(mail_id)
    with transaction():
        audit.record("mail.looked", ("kernel_mail", mail_id), by=me(), about=found.to_person)
        if found.text:
            bus.announce(MailLookedAt(mail_id=mail_id, by_id=me(), at=clock.now()))
    shown = mail.one(mail_id)
    # Where no mail server is set this page is the only way on which a link reaches its reader.
    text = shown.text if shown.state == MailState.KEPT else mail.without_keys(shown.text)
    why_not = refused.why_not_send(refused.address_now(shown.to_person, shown.address)) if shown.state in mail.UNSENT else None
    return page("admin/mail.html", mail=shown, text=text, state=_state(shown), is_unsent=shown.state in mail.UNSENT, why_not=why_not)


@pages.post("/<int:mail_id>/again")
@needs("kernel:administer")
def again(mail_id: int) -> Any:  # noqa: ANN401
    """Send a mail again that was refused."""
    with transaction():
        mail.send_again(mail_id)
        audit.record("mail.sent-again", ("kernel_mail", mail_id), by=me(), about=mail.one(mail_id).to_person)
    return done(Message("The mail will be sent again at once."), to=url_for("mails.one_mail", mail_id=mail_id))


@pages.route("/<int:mail_id>/came-back", methods=["GET", "POST"])
@needs("kernel:administer")
def came_back(mail_id: int) -> Any:  # noqa: ANN401
    """Enter that a mail that was sent has come back."""
    found, form = mail.one(mail_id), CameBackForm()
    if found.state != MailState.SENT or not found.text:
        raise NotThere
    name, address = found.name, found.address
    if form.accepted() and form.perform(lambda: refusing.came_back(mail_id, form.values["said"], by=me())):
        told = Message("The mail is kept as not arrived. Nothing more is sent to its address until somebody clears it.")
        return done(told, to=url_for("mails.refused_addresses"))
    return page("admin/came_back.html", form=form, mail_id=mail_id, name=name, address=address)


@pages.route("/refused", methods=["GET", "POST"])
@needs("kernel:administer")
def refused_addresses() -> Any:  # noqa: ANN401
    """List the addresses to which nothing is sent, and take in another one."""
    form = RefusedForm()
    if form.accepted() and form.perform(lambda: refusing.enter(form.values["address"], form.values["said"], by=me())):
        return done(Message("Nothing more is sent to this address until somebody clears it."), to=url_for("mails.refused_addresses"))
    return page("admin/refused.html", form=form, paged=paged(listing.refused_addresses()))


@pages.post("/refused/<int:number>/clear")
@needs("kernel:administer")
def clear_address(number: int) -> Any:  # noqa: ANN401
    """Send to an address again."""
    refusing.clear(number, by=me())
    told = Message("Mails go to this address again. What was not sent stays so until you send it again from its page.")
    return done(told, to=url_for("mails.refused_addresses"))
