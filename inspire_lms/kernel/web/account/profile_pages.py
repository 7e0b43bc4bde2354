"""One's own account: names, work, password, who looked at it, what is held, and the end of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import available_timezones

from babel.dates import get_timezone_location
from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from werkzeug.wrappers import Response

from inspire_lms.kernel import audit, clock, files, i18n
from inspire_lms.kernel.access.queries import is_last_administrator
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.people import actions, erasing, queries
from inspire_lms.kernel.people import profile as about_oneself
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.names import LONGEST_NAME
from inspire_lms.kernel.people.privacy import HELD
from inspire_lms.kernel.plugin import plugins, registry
from inspire_lms.kernel.programmes import directory
from inspire_lms.kernel.web.forms import Choice, Form, Password, Text, page
from inspire_lms.kernel.web.guard import current_person, me, needs
from inspire_lms.kernel.web.sign_in import NEW_PASSWORD, leave
from inspire_lms.kernel.web.site import done, own_names
from inspire_lms.kernel.web.tables import Column, Table

pages = Blueprint("account", __name__, url_prefix="/profile")


class ProfileForm(Form):
    """What a person says of themselves."""

    given_name = Text(Message("Given name"), most=LONGEST_NAME, autocomplete="given-name")
    family_name = Text(Message("Family name"), most=LONGEST_NAME, autocomplete="family-name")
    latin_given_name = Text(
        Message("Given name in Latin letters"),
        most=LONGEST_NAME,
        optional=True,
        hint=Message("As in your passport. Left empty, it is made from the name above."),
    )
    latin_family_name = Text(Message("Family name in Latin letters"), most=LONGEST_NAME, optional=True)
    language = Choice(Message("Language"), hint=Message("For pages, mails and calendar entries."), as_select=True)
    zone = Choice(
        Message("Your time zone"), hint=Message("Shown beside the time of the course when the two differ."), as_select=True, optional=True
    )


class WorkForm(Form):
    """For whom a person works."""

    organisation = Text(Message("Employer"), most=200, optional=True, autocomplete="organization")
    position = Text(Message("Position at work"), most=200, optional=True, autocomplete="organization-title")


class ChangePasswordForm(Form):
    """The password of today and that of tomorrow."""

    current = Password(Message("Your password until now"), autocomplete="current-password")
    password = Password(Message("New password"), hint=NEW_PASSWORD, autocomplete="new-password")


class EraseForm(Form):
    """The word of honour before everything goes."""

    password = Password(Message("Password"), hint=Message("To make sure that it is you."), autocomplete="current-password")


@pages.get("")
@needs("people:own")
def profile() -> ResponseReturnValue:
    """Show one's own account, and who looked at it."""
    looks = audit.looks_at(me())
    names = queries.names(line.by_id for line in looks if line.by_id)
    rows = [
        {"who": names[line.by_id].name if line.by_id in names else Message("the system"), "what": _looked_at(line), "at": line.at}
        for line in looks
    ]
    columns = (Column("who", Message("Who")), Column("what", Message("What")), Column("at", Message("When")))
    table = Table(columns, rows, empty=Message("Nobody has opened your data so far."))
    own = current_person()
    zone_name = get_timezone_location(own.zone, locale=i18n.locale()) if own and own.zone else ""
    return page(
        "account/profile.html",
        person=own,
        work=queries.work_of(me()),
        looks=table,
        zone_name=zone_name,
        language_name=own_names().get(own.language, "") if own else "",
    )


def _looked_at(line: audit.Line) -> Message:
    component = line.did.partition(".")[0]
    if component in registry().plugins:
        return registry().plugins[component].title
    return Message("A mail to you") if component == "mail" else Message("Your account")


@pages.route("/change", methods=["GET", "POST"])
@needs("people:own")
def change() -> ResponseReturnValue:
    """Change names, language and time zone."""
    own = current_person()
    form = ProfileForm(
        initial={name: getattr(own, name) or "" for name in vars(ProfileForm) if hasattr(own, name)},
        options={"language": own_names(), "zone": _zones()},
    )
    if form.accepted() and form.perform(lambda: about_oneself.change_profile(me(), **_filled(form.values))):
        return done(Message("Your account is changed."), to=url_for("account.profile", language=form.values["language"]))
    return page("account/change.html", form=form)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give empty texts where nothing was typed; no zone is None."""
    return {name: value if name == "zone" else value or "" for name, value in values.items()}


def _zones() -> dict[str, Message | str]:
    """List the zones of Europe by the names that people know, in their order; none chosen means that of the course."""
    found = [(get_timezone_location(zone, locale=i18n.locale()), zone) for zone in available_timezones() if zone.startswith("Europe/")]
    return {"": Message("That of the course")} | {zone: name for name, zone in sorted(found)}


@pages.route("/work", methods=["GET", "POST"])
@needs("people:own")
def work() -> ResponseReturnValue:
    """Say for whom one works."""
    form = WorkForm(initial=asdict(queries.work_of(me())))
    if form.accepted() and form.perform(lambda: about_oneself.change_work(me(), **_filled(form.values))):
        return done(Message("Your account is changed."), to=url_for("account.profile"))
    return page("account/work.html", form=form)


@pages.route("/password", methods=["GET", "POST"])
@needs("people:own")
def password() -> ResponseReturnValue:
    """Change one's own password; all other devices are signed out."""
    form, number = ChangePasswordForm(), me()
    if form.accepted() and form.perform(lambda: actions.change_password(number, **form.values)):
        login_user(session.get_one(Person, number))
        return done(Message("Your password is changed. All other devices are signed out."), to=url_for("account.profile"))
    return page("account/password.html", form=form)


@pages.post("/sign-out-everywhere")
@needs("people:own")
def sign_out_everywhere() -> Response:
    """Sign out on all devices, this one included."""
    actions.sign_out_everywhere(me())
    leave()
    return done(Message("You are signed out on all devices."), to=url_for("sign_in.sign_in"))


@pages.get("/data")
@needs("people:own")
def data() -> Response:
    """Hand out what is held about the reader, as JSON."""
    held = [one for part in (HELD, *(each.privacy for each in plugins())) for one in part]
    told = {"made_at": clock.now().isoformat(), "tables": erasing.held_about(me(), held)}
    return files.download(json.dumps(told, ensure_ascii=False, indent=1).encode(), "inspire-data.json", files.JSON)


@pages.route("/erase", methods=["GET", "POST"])
@needs("people:own")
def erase() -> ResponseReturnValue:
    """Erase one's own account."""
    form, number = EraseForm(), me()
    if form.accepted() and form.perform(lambda: erasing.erase(number, form.values["password"], why_not=_why_not_erase)):
        leave()
        return redirect(url_for("pages.home"), 303)
    return page("account/erase.html", form=form)


def _why_not_erase(person_id: int) -> Reason | None:
    if directory.takes_part(person_id):
        return Reason(
            "You hold a place in a course. Ask the coordinator of your country to withdraw you first, so that somebody else can have it."
        )
    if is_last_administrator(person_id):
        return Reason("This is the last administrator. Make somebody else administrator first.")
    return None
