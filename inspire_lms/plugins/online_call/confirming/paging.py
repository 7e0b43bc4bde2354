"""A list that was found as a whole, shown 50 a page: everybody whom a deed concerns can be reached before it is done."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from inspire_lms.kernel.web.forms import asked_number
from inspire_lms.kernel.web.tables import ROWS_A_PAGE, Paged, cut_out

Row = Mapping[str, Any]
Each = TypeVar("Each")


def one_page(rows: Sequence[Each], drawn: Callable[[Each], Row], *, path: str = "", anchor: str = "whom") -> tuple[list[Row], Paged]:
    """Draw the rows of the page that is asked for, the nearest one if there is none.

    *path* is the address of the page where it is not the one that was asked for, *anchor* the part in which the list stands.
    """
    page, pages, first = cut_out(len(rows), asked_number(request.args, "page", 1))
    given = {key: value for key, value in request.values.items() if key in KEPT}
    before, after = (path + _address(each, given, anchor) if 1 <= each <= pages else None for each in (page - 1, page + 1))
    return [drawn(each) for each in rows[first : first + ROWS_A_PAGE]], Paged((), page, pages, len(rows), before, after)


KEPT = ("kind", "spoken", "letter")
"""What an address says beside the page: which letters are meant."""


def _address(page: int, given: Mapping[str, str], anchor: str) -> str:
    return "?" + urlencode({**{key: value for key, value in given.items() if value}, "page": page}) + f"#{anchor}"
