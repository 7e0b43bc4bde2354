"""What is done about people and their accounts."""

from datetime import timedelta

from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Message, Reason, Refused
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.people import letters, mailed_links, passwords, queries, rules
from inspire_lms.kernel.people.models import MailedLink, Person
from inspire_lms.kernel.people.profile import add, checked, load, rename
from inspire_lms.kernel.people.rules import LinkFor
from inspire_lms.kernel.people.signing_in import at_most_twice, forget_failures

PAUSE = timedelta(minutes=2)
"""Least time between two mails of the same kind to one person, so that nobody's mailbox is flooded from our pages."""


def register(
    email: str, given_name: str, family_name: str, password: str, language: str, *, zone: str | None = None, wanted: str | None = None
) -> Person:
    """Open an account that works once its address is confirmed, and send the mail for that.

    For an address that has an account already nothing changes, and the mail says so: what the page shows must
    be the same. Somebody who registered and never confirmed starts anew. *wanted* is the path to go to after
    confirming. Raises Invalid.
    """
    address, given, family = checked(email, given_name, family_name, language)
    if reason := rules.reason_against_password(password, email=address):
        raise Invalid({"password": reason})
    kept = passwords.hashed(password)
    return at_most_twice(lambda: _register(address, given, family, kept=kept, language=language, zone=zone, wanted=rules.own_path(wanted)))


def _register(address: str, given: str, family: str, *, kept: str, language: str, zone: str | None, wanted: str | None) -> Person:
    with transaction():
        person = queries.by_email(address)
        if person and (person.verified_at or person.password_hash is None):
            letters.already_registered(person)
            return person
        if person is None:
            person = add(address, given, family, language, zone)
        rename(person, given, family, language)
        person.password_hash = kept
        _ask_to_confirm(person, wanted)
        audit.record("people.registered", ("people_person", person.id), by=person.id)
        return person


def ready(email: str, given_name: str, family_name: str, *, language: str, zone: str | None, password: str) -> Person:
    """Give the person with this address an account that works at once: for the first administrator and sample data.

    An account that is there already stays as it is. Raises Invalid.
    """
    address, given, family = checked(email, given_name, family_name, language)
    known = queries.by_email(address)
    if known:
        return known
    if reason := rules.reason_against_password(password, email=""):
        raise Invalid({"password": reason})
    kept = passwords.hashed(password)
    with transaction():
        person = add(address, given, family, language, zone)
        person.password_hash, person.verified_at = kept, clock.now()
        audit.record("people.made-ready", ("people_person", person.id), by=None)
        return person


def first_administrator(email: str, given_name: str, family_name: str, language: str, password: str) -> Person:
    """Open the account of the administrator of a new instance."""
    with transaction():
        person = ready(email, given_name, family_name, language=language, zone=None, password=password)
        access.grant(person.id, "administrator", access.system(), by=None)
        return person


def send_confirmation_again(person_id: int, *, wanted: str | None = None) -> None:
    """Send the mail that confirms an address once more: its reader has just given the right password."""
    with transaction():
        _ask_to_confirm(load(person_id), rules.own_path(wanted))


def _ask_to_confirm(person: Person, wanted: str | None) -> None:
    if not _sent_lately(person.id, LinkFor.VERIFY):
        letters.confirm_address(person, mailed_links.make(person.id, LinkFor.VERIFY, wanted=wanted))


def confirm(token: str, person_id: int) -> str | None:
    """Take an address as confirmed; give the path to which its owner wanted to go.

    The caller has checked the password: the link alone would let somebody else's password into an account
    that its owner confirms without thinking. Raises Refused when the link does not work or is another person's.
    """
    with transaction():
        link = mailed_links.find(token, LinkFor.VERIFY)
        if link.person_id != person_id:
            raise Refused(Reason("This link belongs to another account."))
        mailed_links.use(link)
        person = load(person_id)
        person.verified_at = person.verified_at or clock.now()
        audit.record("people.confirmed", ("people_person", person_id), by=person_id)
        return link.wanted


def ask_new_password(email: str) -> None:
    """Send a link to set a new password, if there is such an account; says nothing about whether there is."""
    with transaction():
        person = queries.by_email(email)
        if person is None or person.erased_at or _sent_lately(person.id, LinkFor.RESET):
            return
        letters.set_new_password(person, mailed_links.make(person.id, LinkFor.RESET))


def _sent_lately(person_id: int, purpose: LinkFor) -> bool:
    since = clock.now() - PAUSE
    sent = select(MailedLink.id).where(MailedLink.person_id == person_id, MailedLink.purpose == purpose, MailedLink.made_at > since)
    return session.scalar(sent.limit(1)) is not None


def owner_of(token: str, *purposes: LinkFor) -> Person:
    """Say to whom a mailed link belongs. Raises Refused, saying why, when it does not work."""
    return load(mailed_links.find(token, *purposes).person_id)


def set_password(token: str, password: str) -> Person:
    """Set the password of whoever reads the mail with this link; that proves the address too, and ends all sessions.

    Raises Refused when the link does not work, Invalid when the password will not do.
    """
    if reason := rules.reason_against_password(password, email=owner_of(token, LinkFor.RESET, LinkFor.INVITATION).email):
        raise Invalid({"password": reason})
    kept = passwords.hashed(password)
    with transaction():
        link = mailed_links.find(token, LinkFor.RESET, LinkFor.INVITATION)
        mailed_links.use(link)
        person = load(link.person_id)
        is_first = person.password_hash is None
        person.verified_at = person.verified_at or clock.now()
        _new_password(person, kept)
        if not is_first:
            letters.password_changed(person)
        return person


def change_password(person_id: int, current: str, password: str) -> Person:
    """Change one's own password; all other sessions end. Raises Invalid."""
    person = load(person_id)
    if not passwords.is_right(current, person.password_hash):
        raise Invalid({"current": Reason("This is not your password.")})
    if reason := rules.reason_against_password(password, email=person.email):
        raise Invalid({"password": reason})
    kept = passwords.hashed(password)
    with transaction():
        person = load(person_id)
        _new_password(person, kept)
        letters.password_changed(person)
        return person


def sign_out_everywhere(person_id: int) -> None:
    """End all sessions of a person."""
    with transaction():
        load(person_id).epoch += 1
        audit.record("people.signed-out-everywhere", ("people_person", person_id), by=person_id)


def invite(
    email: str,
    given_name: str,
    family_name: str,
    language: str,
    *,
    role: str,
    title: Message,
    context_id: int,
    place: Words | Message,
    by: int,
) -> Person:
    """Give a role to somebody, known or not, and tell by mail; who has no password yet gets a link to set one.

    *title* names the role and *place* the context, in the words of the mail. Raises Invalid.
    """
    address, given, family = checked(email, given_name, family_name, language)
    return at_most_twice(
        lambda: _invite(address, given, family, language, role=role, title=title, context_id=context_id, place=place, by=by)
    )


def _invite(
    address: str, given: str, family: str, language: str, *, role: str, title: Message, context_id: int, place: Words | Message, by: int
) -> Person:
    with transaction():
        host = load(by).name
        person = queries.by_email(address) or add(address, given, family, language, None)
        access.grant(person.id, role, context_id, by=by)
        audit.record("people.invited", ("people_person", person.id), by=by, after={"role": role, "context": context_id})
        if person.password_hash is None:
            letters.invite(person, mailed_links.make(person.id, LinkFor.INVITATION), role=title, place=place, by=host)
        else:
            letters.new_role(person, role=title, place=place, by=host, key=f"{role}:{context_id}:{clock.now():%Y%m%d}")
        return person


def _new_password(person: Person, kept: str) -> None:
    person.password_hash = kept
    person.epoch += 1
    forget_failures(person.email)
    audit.record("people.password-changed", ("people_person", person.id), by=person.id)
