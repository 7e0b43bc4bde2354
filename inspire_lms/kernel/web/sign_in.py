"""Signing in and out, registering, confirming an address, setting a password."""

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from inspire_lms.kernel import i18n
from inspire_lms.kernel.db import Base
from inspire_lms.kernel.db import session as database
from inspire_lms.kernel.errors import Message, Refused
from inspire_lms.kernel.people import actions, queries, signing_in
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.names import LONGEST_NAME
from inspire_lms.kernel.people.rules import SHORTEST_PASSWORD, LinkFor, own_path
from inspire_lms.kernel.web.forms import CONFLICT, Email, Form, Password, Text, page
from inspire_lms.kernel.web.guard import public
from inspire_lms.kernel.web.site import done, speak

pages = Blueprint("sign_in", __name__)
MAKES_A_PASSWORD = (LinkFor.RESET, LinkFor.INVITATION)
NEW_PASSWORD = Message("At least {least} characters; several words in a row are best.", least=SHORTEST_PASSWORD)


class SignInForm(Form):
    """Who signs in."""

    email = Email(Message("E-mail address"), autocomplete="username")
    password = Password(Message("Password"), autocomplete="current-password")


class RegisterForm(Form):
    """Who registers."""

    given_name = Text(
        Message("Given name"),
        hint=Message("As it should stand on a certificate, in your own script."),
        most=LONGEST_NAME,
        autocomplete="given-name",
    )
    family_name = Text(Message("Family name"), most=LONGEST_NAME, autocomplete="family-name")
    email = Email(
        Message("E-mail address"),
        hint=Message("The one that you read at work, if you can: it helps to recognise your administration."),
        autocomplete="email",
    )
    password = Password(Message("Password"), hint=NEW_PASSWORD, autocomplete="new-password")


class AddressForm(Form):
    """Whose password was forgotten."""

    email = Email(Message("E-mail address"), autocomplete="username")


class PasswordForm(Form):
    """The password that was chosen when registering."""

    password = Password(Message("Password"), autocomplete="current-password")


class NewPasswordForm(Form):
    """A new password."""

    password = Password(Message("New password"), hint=NEW_PASSWORD, autocomplete="new-password")


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and go where one wanted to go."""
    form, wanted = SignInForm(), own_path(request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(wanted or url_for("pages.home"), 303)
    if form.accepted() and form.perform(lambda: _check(**form.values)):
        return _enter(form.values["email"], wanted)
    return page("sign_in/sign_in.html", form=form, wanted=wanted)


def _check(email: str, password: str) -> None:
    g.signs_in = signing_in.who_signs_in(email, password, origin=request.remote_addr or "", zone=_zone()).id


def _enter(email: str, wanted: str | None) -> Response:
    """Let somebody in whose password was right; an address that was not confirmed has to be confirmed first."""
    person = database.get_one(Person, g.signs_in)
    if not person.is_active:
        actions.send_confirmation_again(person.id, wanted=wanted)
        session["sent_to"] = email
        return redirect(url_for("sign_in.sent", about="confirm"), 303)
    let_in(person)
    return redirect(wanted or url_for("pages.home"), 303)


def let_in(person: Person | None) -> None:
    """Sign somebody in, and speak the language of the account: what was chosen before may have been another person's choice."""
    login_user(person)
    session.pop("language", None)
    speak()


def leave() -> None:
    """Sign out on this device, and forget the language that was chosen."""
    logout_user()
    session.pop("language", None)
    speak()


def _zone() -> str:
    """Give the zone in which a visitor's time is told: that of the first cohort that speaks the language of the page."""
    cohort = Base.metadata.tables["programmes_cohort"]
    found = select(cohort.c.zone).where(cohort.c.language == i18n.current()).order_by(cohort.c.id).limit(1)
    return str(database.scalar(found) or "UTC")


@pages.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out on this device."""
    leave()
    return done(Message("You are signed out."), to=url_for("pages.home"))


@pages.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Open an account. The answer is the same whether the address has one already; only the mail differs."""
    form, wanted = RegisterForm(), own_path(request.args.get("next"))
    if form.accepted() and form.perform(lambda: actions.register(**form.values, language=i18n.current(), wanted=wanted)):
        session["sent_to"] = form.values["email"]
        return redirect(url_for("sign_in.sent", about="register"), 303)
    return page("sign_in/register.html", form=form, wanted=wanted)


@pages.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a mail with which a new password is set. The answer is the same for every address."""
    form = AddressForm()
    if form.accepted() and form.perform(lambda: actions.ask_new_password(form.values["email"])):
        session["sent_to"] = form.values["email"]
        return redirect(url_for("sign_in.sent", about="password"), 303)
    return page("sign_in/forgotten.html", form=form)


@pages.get("/sent/<any(register, confirm, password):about>")
@public
def sent(about: str) -> ResponseReturnValue:
    """Say that a mail is on its way, and what to do when it does not come."""
    is_kept = not current_app.config["INSPIRE"].smtp_host
    return page("sign_in/sent.html", about=about, address=session.get("sent_to", ""), is_kept=is_kept)


@pages.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address: the link shows that the mail is read, the password that its reader chose it."""
    try:
        address = actions.owner_of(token, LinkFor.VERIFY).email
    except Refused as no:
        return render_template("sign_in/dead_link.html", reason=no.reason), CONFLICT
    form = PasswordForm()
    if form.accepted() and form.perform(lambda: _confirm(token, address, form.values["password"])):
        let_in(database.get_one(Person, g.signs_in))
        return done(Message("Your address is confirmed and you are signed in."), to=g.wanted or url_for("pages.home"))
    return page("sign_in/confirm.html", form=form, address=address)


def _confirm(token: str, address: str, password: str) -> None:
    _check(address, password)
    g.wanted = actions.confirm(token, g.signs_in)


@pages.route("/new-password/<token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> ResponseReturnValue:
    """Set a password by a mailed link, the first or a new one, and be signed in."""
    try:
        person = actions.owner_of(token, *MAKES_A_PASSWORD)
    except Refused as no:
        return render_template("sign_in/dead_link.html", reason=no.reason), CONFLICT
    form, address, is_first = NewPasswordForm(), person.email, person.password_hash is None
    if form.accepted() and form.perform(lambda: actions.set_password(token, form.values["password"])):
        let_in(queries.by_email(address))
        return done(Message("Your password is set and you are signed in."), to=url_for("pages.home"))
    return page("sign_in/new_password.html", form=form, address=address, is_first=is_first)
