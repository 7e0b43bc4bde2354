"""The link in the mail of an offer: it names the offer and is signed, so that nothing of it has to be kept.

It works for the one offer that the mail tells of. Who is offered a place a second time, after the reserve list, gets another.
"""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering.models import Place


def link(place: Place, language: str) -> str:
    """Give the absolute address at which the offer of *place* is answered, in the language of the mail."""
    return mail.link("online_call.offer", token=token(place), language=language)


def token(place: Place) -> str:
    """Sign the offer that *place* holds now."""
    return _signer().dumps([place.id, _round(place)])


def offered_by(token: str) -> tuple[Place, Application] | None:
    """Find the offer of a link; None when it is none of ours, or when its place has been offered anew or never was.

    An offer that was answered, or has lapsed, is found: its page says so.
    """
    try:
        place_id, round_ = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    place = session.get(Place, place_id)
    if place is None or round_ != _round(place):
        return None
    return place, session.get_one(Application, place.application_id)


def _round(place: Place) -> str:
    """Tell one offer of a place from another: by the moment at which it was made."""
    return f"{place.offered_at:%Y%m%d%H%M%S%f}" if place.offered_at else ""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="online_call.offer")
