"""The mails about accounts."""

from datetime import timedelta

from inspire_lms.kernel import clock, mail
from inspire_lms.kernel.errors import Message, counted
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.rules import LINK_LASTS, LinkFor


def confirm_address(person: Person, token: str) -> None:
    """Ask somebody who registered to prove that the address is theirs."""
    mail.queue(
        mail.letter_to(
            person.id,
            key=f"people:verify:{person.id}:{token[:12]}",
            subject=Message("Confirm your e-mail address"),
            lines=(
                Message("Somebody, most likely you, has registered with this address. Confirm it to finish, with the password that you have chosen."),
                _lasting(LinkFor.VERIFY),
                Message("If it was not you, do nothing: without the confirmation nobody can use the account."),
            ),
            button=(Message("Confirm the address"), mail.link("sign_in.confirm", token=token)),
        )
    )


def already_registered(person: Person) -> None:
    """Tell somebody who registered again that there is an account; at most one such mail an hour."""
    mail.queue(
        mail.letter_to(
            person.id,
            key=f"people:known:{person.id}:{clock.now():%Y%m%d%H}",
            subject=Message("You already have an account"),
            lines=(
                Message("Somebody, most likely you, has tried to register with this address. There is an account for it already; nothing was changed."),
                Message("Sign in with your password, or set a new one if you have forgotten it."),
            ),
            button=(Message("Sign in"), mail.link("sign_in.sign_in")),
        )
    )


def set_new_password(person: Person, token: str) -> None:
    """Send the link with which a forgotten password is replaced."""
    mail.queue(
        mail.letter_to(
            person.id,
            key=f"people:reset:{person.id}:{token[:12]}",
            subject=Message("Set a new password"),
            lines=(
                Message("Somebody, most likely you, has asked for a new password."),
                _lasting(LinkFor.RESET),
                Message("If it was not you, do nothing: your password stays as it is."),
            ),
            button=(Message("Set a new password"), mail.link("sign_in.new_password", token=token)),
        )
    )


def password_changed(person: Person) -> None:
    """Tell a person that the password was changed, in case it was somebody else."""
    mail.queue(
        mail.letter_to(
            person.id,
            key=f"people:changed:{person.id}:{person.epoch}",
            subject=Message("Your password was changed"),
            lines=(
                Message("The password of your account was changed, and all other devices were signed out."),
                Message("If it was not you, set a new password at once and tell the coordinator of your country."),
            ),
            button=(Message("Set a new password"), mail.link("sign_in.forgotten")),
        )
    )


def invite(person: Person, token: str, *, role: Message, place: Words | Message, by: str) -> None:
    """Invite somebody who has no password yet to take a role."""
    mail.queue(
        mail.letter_to(
            person.id,
            key=f"people:invitation:{person.id}:{token[:12]}",
            subject=Message("Invitation to INSPIRE PA"),
            lines=(
                Message("{name} invites you to INSPIRE PA. An account has been prepared for you; choose a password and it is ready.", name=by),
                _lasting(LinkFor.INVITATION),
            ),
            facts=((Message("Your role"), role), (Message("Where"), place)),
            button=(Message("Choose a password"), mail.link("sign_in.new_password", token=token)),
        )
    )


def new_role(person: Person, *, role: Message, place: Words | Message, by: str, key: str) -> None:
    """Tell somebody who has an account about another role."""
    mail.queue(
        mail.letter_to(
            person.id,
            key=key,
            subject=Message("You have a new role in INSPIRE PA"),
            lines=(Message("{name} has given you another role. You find what belongs to it after signing in with your own password.", name=by),),
            facts=((Message("Your role"), role), (Message("Where"), place)),
            button=(Message("Sign in"), mail.link("sign_in.sign_in")),
        )
    )


def _lasting(purpose: LinkFor) -> Message:
    lasts = LINK_LASTS[purpose]
    if lasts >= timedelta(days=1):
        return counted("The link works once, and for {n} day.", "The link works once, and for {n} days.", n=lasts.days)
    return counted("The link works once, and for {n} hour.", "The link works once, and for {n} hours.", n=int(lasts / timedelta(hours=1)))
