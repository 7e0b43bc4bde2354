"""The mails about accounts."""

from datetime import timedelta
from typing import Any

from inspire_lms.kernel import clock, mail
from inspire_lms.kernel.errors import Message, counted
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.rules import LINK_LASTS, LinkFor

SET_A_PASSWORD = Message("Set a new password")
SIGN_IN = Message("Sign in")


def confirm_address(person: Person, token: str) -> None:
    """Ask somebody who registered to prove that the address is theirs."""
    _write(
        person,
        f"verify:{person.id}:{token[:12]}",
        Message("Confirm your e-mail address"),
        Message("Somebody, most likely you, has registered with this address."),
        Message("Confirm it to finish, with the password that you have chosen."),
        _lasting(LinkFor.VERIFY),
        Message("If it was not you, do nothing: without the confirmation nobody can use the account."),
        button=(Message("Confirm the address"), mail.link("sign_in.confirm", token=token)),
    )


def already_registered(person: Person) -> None:
    """Tell somebody who registered again that there is an account; at most one such mail an hour."""
    _write(
        person,
        f"known:{person.id}:{clock.now():%Y%m%d%H}",
        Message("You already have an account"),
        Message("Somebody, most likely you, has tried to register with this address."),
        Message("There is an account for it already; nothing was changed."),
        Message("Sign in with your password, or set a new one if you have forgotten it."),
        button=(SIGN_IN, mail.link("sign_in.sign_in")),
    )


def set_new_password(person: Person, token: str) -> None:
    """Send the link with which a forgotten password is replaced."""
    _write(
        person,
        f"reset:{person.id}:{token[:12]}",
        SET_A_PASSWORD,
        Message("Somebody, most likely you, has asked for a new password."),
        _lasting(LinkFor.RESET),
        Message("If it was not you, do nothing: your password stays as it is."),
        button=(SET_A_PASSWORD, mail.link("sign_in.new_password", token=token)),
    )


def password_changed(person: Person) -> None:
    """Tell a person that the password was changed, in case it was somebody else."""
    _write(
        person,
        f"changed:{person.id}:{person.epoch}",
        Message("Your password was changed"),
        Message("The password of your account was changed, and all other devices were signed out."),
        Message("If it was not you, set a new password at once and tell the coordinator of your country."),
        button=(SET_A_PASSWORD, mail.link("sign_in.forgotten")),
    )


def invite(person: Person, token: str, *, role: Message, place: Words | Message, by: str) -> None:
    """Invite somebody who has no password yet to take a role."""
    _write(
        person,
        f"invitation:{person.id}:{token[:12]}",
        Message("Invitation to INSPIRE PA"),
        Message("{name} invites you to INSPIRE PA. An account has been prepared for you; choose a password and it is ready.", name=by),
        _lasting(LinkFor.INVITATION),
        facts=((Message("Your role"), role), (Message("Where"), place)),
        button=(Message("Choose a password"), mail.link("sign_in.new_password", token=token)),
    )


def new_role(person: Person, *, role: Message, place: Words | Message, by: str, key: str) -> None:
    """Tell somebody who has an account about another role; once for each *key*."""
    _write(
        person,
        f"role:{person.id}:{key}",
        Message("You have a new role in INSPIRE PA"),
        Message("{name} has given you another role. You find what belongs to it after signing in with your own password.", name=by),
        facts=((Message("Your role"), role), (Message("Where"), place)),
        button=(SIGN_IN, mail.link("sign_in.sign_in")),
    )


def _write(person: Person, key: str, subject: Message, *lines: Message, **more: Any) -> None:  # noqa: ANN401 (fields of a Letter)
    mail.queue(mail.letter_to(person.id, key=f"people:{key}", subject=subject, lines=lines, **more))


def _lasting(purpose: LinkFor) -> Message:
    lasts = LINK_LASTS[purpose]
    if lasts >= timedelta(days=1):
        return counted("The link works once, and for {n} day.", "The link works once, and for {n} days.", n=lasts.days)
    return counted("The link works once, and for {n} hour.", "The link works once, and for {n} hours.", n=int(lasts / timedelta(hours=1)))
