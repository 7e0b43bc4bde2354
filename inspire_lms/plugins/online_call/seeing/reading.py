"""The phases of an edition file: [[call.phase]]."""

from itertools import pairwise

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call.seeing.phases import JudgingPhase, Others, Sight


def phases(call: Table) -> tuple[JudgingPhase, ...]:
    """Read the phases of a call's evaluation; none when everything is as ever."""
    tables = call.tables("phase")
    found = tuple(_phase(each) for each in tables)
    codes = [each.code for each in found]
    for code in sorted({code for code in codes if codes.count(code) > 1 and code}):
        call.problem("phase", Reason("The code “{code}” stands twice.", code=code))
    for (earlier, later), table in zip(pairwise(found), tables[1:], strict=True) if found else ():
        if table.is_right("from") and later.begins_at <= earlier.begins_at:
            table.problem("from", Reason("Phases stand in the order in which they begin, each later than the one before."))
    if found and not any(each.sight.may_mark for each in found):
        call.problem("phase", Reason("In one phase at least marks are open."))
    return found


def _phase(table: Table) -> JudgingPhase:
    sight = Sight(
        may_mark=table.choice("marks", ("open", "closed"), default="open") == "open",
        others=Others(table.choice("others", [str(each) for each in Others], default=str(Others.NEVER))),
        hides_names=table.choice("names", ("shown", "hidden"), default="shown") == "hidden",
    )
    if sight.may_mark and sight.others is Others.ALWAYS:
        table.problem("others", Reason("With open marks “others” is never or after_own: nobody sees what others gave before the own."))
    return JudgingPhase(code=table.code("code"), title=table.words("title", most=120), begins_at=table.moment("from"), sight=sight)
