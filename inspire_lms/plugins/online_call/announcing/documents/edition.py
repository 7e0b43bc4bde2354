"""What an edition file says of the notice beside the call itself: annexes, privacy notice, the reason of a change."""

from collections.abc import Mapping
from typing import Any

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call.announcing.documents.privacy import KEYS

MOST_OF_AN_ANNEX = 20_000
"""Characters in one language."""


def read(call: Table) -> dict[str, Any]:
    """Read all of it, by the names of the fields of a CallPart."""
    return {"annexes": annexes(call), "privacy": privacy(call), "reason": reason(call)}


def annexes(call: Table) -> tuple[Mapping[str, Any], ...]:
    """Read [[call.annex]]: code, title and text, in the order of the file."""
    found = [
        {"code": each.code("code"), "title": each.words("title", most=200), "text": each.words("text", most=MOST_OF_AN_ANNEX)}
        for each in call.tables("annex")
    ]
    codes = [str(each["code"]) for each in found]
    for code in sorted({code for code in codes if codes.count(code) > 1 and code}):
        call.problem("annex", Reason("The code “{code}” stands twice.", code=code))
    return tuple(found)


def privacy(call: Table) -> Mapping[str, Any]:
    """Read [call.privacy]: what is not said is left to the general sentences."""
    if not call.has("privacy"):
        return {}
    table = call.table("privacy")
    said: dict[str, Any] = {key: table.words(key) for key in KEYS if table.has(key)}
    return said | ({"contact": table.text("contact")} if table.has("contact") else {})


def reason(call: Table) -> Mapping[str, str]:
    """Read [call.change]: why the notice changes with this file."""
    return call.table("change").words("reason") if call.has("change") else {}
