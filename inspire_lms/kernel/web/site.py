"""What every request goes through: language, form token, headers, the four ways to say no."""

import hashlib
import logging
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response

from inspire_lms.contracts.pages import MenuEntries, MenuEntry
from inspire_lms.kernel import bus, i18n
from inspire_lms.kernel.db import session as database
from inspire_lms.kernel.errors import Invalid, Message, NotAllowed, NotThere, Reason, Refused
from inspire_lms.kernel.files import LARGEST
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.plugin import Capability, remembered
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.web import guard, rows
from inspire_lms.kernel.web.forms import NUMBER

CAPABILITIES = (
    Capability("people:see", Message("See the people of one's own country"), ("coordinator",)),
    Capability("people:invite", Message("Invite trainers and evaluators"), ("coordinator",)),
    Capability("people:manage", Message("Manage all accounts"), ()),
    Capability("people:own", Message("See and change one's own account"), ("person",)),
    Capability("programmes:see", Message("See the members of a cohort"), ("coordinator", "trainer")),
    Capability("programmes:coordinate", Message("Look after a cohort: see what waits, record withdrawals"), ("coordinator",)),
    Capability("programmes:load", Message("Load an edition"), ()),
    Capability("kernel:home", Message("See one's own home page"), ("person",)),
    Capability("kernel:administer", Message("Administer the site"), ()),
)
"""What the kernel's own pages ask for."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content security policy: nothing inline, nothing from elsewhere."""
OWN_NAMES = {"en": "English", "it": "Italiano", "el": "Ελληνικά", "ro": "Română"}
log = logging.getLogger(__name__)


class Number(IntegerConverter):
    """A number in an address; what no row can have is not there."""

    regex = NUMBER


def install(app: Flask) -> None:
    """Put the common things of pages around *app*."""
    app.extensions["inspire_registry"].capabilities |= {one.name: one for one in CAPABILITIES}
    app.config |= {
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_FIELD_NAME": "_token",
        "WTF_CSRF_SSL_STRICT": False,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "inspire",
        "SESSION_COOKIE_SECURE": app.config["INSPIRE"].is_secure,
        "REMEMBER_COOKIE_SECURE": app.config["INSPIRE"].is_secure,
        "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
        "MAX_CONTENT_LENGTH": 12_000_000,
    }
    app.url_map.converters["int"] = Number
    app.before_request(choose_language)
    app.extensions["inspire_token"] = CSRFProtect(app)
    _sign_in_with(app)
    app.after_request(_secure)
    app.url_defaults(_version_of_file)
    app.context_processor(_shown_on_every_page)
    app.jinja_env.globals |= {
        "_": i18n._,
        "ngettext": i18n.ngettext,
        "pgettext": i18n.pgettext,
        "show": i18n.show,
        "said": rows.said_here,
        "when": i18n.when,
        "on_day": i18n.on_day,
        "number": i18n.number,
        "percent": i18n.percent,
        "duration": i18n.duration,
        "size": i18n.size,
        "allowed": guard.allowed,
        "form_token": generate_csrf,
    }
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _say_no_with(app)


def _say_no_with(app: Flask) -> None:
    """Give each of the four ways to say no its page, and a fault one too."""
    for kind, say in (
        (Invalid, _invalid),
        (NotAllowed, _not_allowed),
        (NotThere, _not_there),
        (Refused, _refused),
        (CSRFError, _no_token),
        (HTTPException, _http),
        (Exception, _fault),
    ):
        app.register_error_handler(kind, say)


def exempt_from_token(app: Flask) -> None:
    """Let public addresses that say so take a POST without the form token."""
    for view in app.view_functions.values():
        access: guard.Access | None = getattr(view, "access", None)
        if access is not None and not access.token:
            app.extensions["inspire_token"].exempt(view)


def _sign_in_with(app: Flask) -> None:
    login = LoginManager(app)
    login.session_protection = None
    login.user_loader(people.by_session_key)


def choose_language() -> None:
    """Find the language: the one chosen on this visit, else that of the account, else the browser's."""
    known = i18n.languages()
    chosen = request.args.get("language") or (request.form.get("_language") if request.method == "POST" else None)
    if chosen in known:
        session["language"] = chosen
    if request.endpoint != "static" and not (request.endpoint or "").endswith(".static"):
        speak()


def speak() -> None:
    """Speak the language of this visit from now on, and tell moments in the reader's own zone too."""
    known = i18n.languages()
    account = current_user if current_user.is_authenticated else None
    g.language = (
        session.get("language") or (account.language if account else None) or request.accept_languages.best_match(known) or i18n.SOURCE
    )
    if g.language not in known:
        g.language = i18n.SOURCE
    g.reader_zone = account.zone if account else None


def _secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config["INSPIRE"].is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html":
        headers.setdefault("Cache-Control", "no-store" if session.get("_user_id") else "no-cache")
        headers.add("Vary", "Cookie, Accept-Language")
    return response


def _version_of_file(endpoint: str, values: dict[str, Any]) -> None:
    """Put the digest of a static file into its address, so that it may be kept for a year."""
    if endpoint.rpartition(".")[2] == "static" and "filename" in values:
        owner = current_app.blueprints.get(endpoint.rpartition(".")[0]) or current_app
        folder = owner.static_folder
        digest = folder and _digest(Path(folder) / values["filename"])
        if digest:
            values["v"] = digest


@lru_cache(maxsize=256)
def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else None


def _shown_on_every_page() -> dict[str, Any]:
    person = guard.current_person()
    entries = [] if g.get("is_fault") else [entry for answer in bus.gather(MenuEntries(person.id if person else None)) for entry in answer]
    return {
        "me": person,
        "menu": sorted([*_own_entries(), *entries], key=lambda entry: (entry.order, entry.text)),
        "language": i18n.current(),
        "languages": list(own_names().items()),
        "page_head": g.get("where", ""),
        "done_banner": session.pop("done", ""),
        "is_sample": current_app.config["INSPIRE"].demo or remembered("is_sample", programmes.has_sample),
    }


def own_names() -> dict[str, str]:
    """List the languages of this instance with what they call themselves, by code; English first."""
    return {code: OWN_NAMES.get(code) or _own_name(code) for code in i18n.languages()}


@lru_cache(maxsize=32)
def _own_name(code: str) -> str:
    with i18n.speaking(code):
        return (i18n.locale().get_display_name(code) or code).capitalize()


def _own_entries() -> list[MenuEntry]:
    entries = [
        MenuEntry(0, i18n.pgettext("menu", "Start"), url_for("pages.home")),
        MenuEntry(60, i18n._("The course"), url_for("programmes.course")),
    ]
    if not current_user.is_authenticated:
        return [*entries, MenuEntry(95, i18n._("Sign in"), url_for("sign_in.sign_in"))]
    if guard.allowed("people:see"):
        entries.append(MenuEntry(70, i18n._("People"), url_for("people.people")))
    if guard.allowed("kernel:administer"):
        entries.append(MenuEntry(80, i18n.pgettext("menu", "Administration"), url_for("admin.overview")))
    return [*entries, MenuEntry(90, current_user.name, url_for("account.profile"))]


def done(message: Message, *, to: str) -> Response:
    """Go on to another page, which says once that *message* is done."""
    session["done"] = i18n.show(message)
    return redirect(to, 303)


def _answer(status: int, heading: Message, sentence: Message | str, *, number: str = "") -> tuple[Any, int]:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    if best == "application/json" and not request.accept_mimetypes.accept_html:
        return {"error": i18n.show(heading), "reason": i18n.show(sentence)}, status
    back = request.referrer if request.referrer and request.referrer.startswith(request.host_url) else ""
    return render_template("error.html", code=status, heading=heading, sentence=sentence, back=back, number=number), status


def _invalid(no: Invalid) -> tuple[Any, int]:
    return _answer(422, Message("Something needs correction"), " ".join(i18n.show(reason) for reason in no.reasons.values()))


def _not_allowed(no: NotAllowed) -> tuple[Any, int]:
    return _answer(
        403,
        Message("This page is not open to you"),
        no.reason or Message("Your account does not have the role that this page needs. Ask the coordinator of your country if it should."),
    )


def _not_there(_no: NotThere) -> tuple[Any, int]:
    return _answer(
        404,
        Message("There is no such page"),
        Message("The address may be mistyped, or what stood here has been moved. The start page leads to everything that is open to you."),
    )


def _refused(no: Refused) -> tuple[Any, int]:
    return _answer(409, Message("This cannot be done now"), no.reason)


def _no_token(_no: CSRFError) -> tuple[Any, int]:
    return _answer(
        400,
        Message("This form has become too old"),
        Reason("Go back, load the page again and send the form once more. Nothing was changed."),
    )


def _http(error: HTTPException) -> Any:  # noqa: ANN401
    if error.code is None or error.code < 400:  # noqa: PLR2004 (redirects pass)
        return error
    if error.code in {404, 405}:
        return _not_there(NotThere())
    if error.code == 413:  # noqa: PLR2004
        # What was sent could not be read, and so nobody has asked yet which language to speak.
        speak()
        return _answer(
            413,
            Message("This file is too large"),
            Message("A file may have at most {size}.", size=i18n.size(LARGEST)),
        )
    if error.code == 401:  # noqa: PLR2004
        return redirect(url_for("sign_in.sign_in"), 303)
    return _answer(
        error.code,
        Message("This request was not understood"),
        Message("Go back, load the page again and try once more. Nothing was changed."),
    )


def _fault(error: Exception) -> tuple[Any, int]:
    number = secrets.token_hex(4)
    log.error("fault %s at %s", number, request.path, exc_info=error)
    if current_app.testing:
        raise error
    # What failed may be what every page asks for: the page that says so asks nobody.
    g.is_fault = True
    database.rollback()
    return _answer(
        500,
        Message("Something went wrong on our side"),
        Message("The fault has been recorded. What was confirmed to you before is safe."),
        number=number,
    )
