"""The phase that it is now, in words."""

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, When
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seeing.phases import Others, Sight, phase_at, phases_of, sight_at, why_not_mark

OTHERS = {
    Others.NEVER: Message("What others give is not shown to you."),
    Others.AFTER_OWN: Message("What others give is shown once you have given yours; then yours are fixed."),
    Others.ALWAYS: Message("What others give is shown below."),
}

ONLY_REOPENED = Message("A list is published: points can be given only where an application was opened again.")


def sentences(call: Call, *, is_listed: bool = False) -> tuple[Message, ...]:
    """Say which phase it is, until when, and what evaluators may do and see in it; nothing where a call has no phases.

    Once a list is published (*is_listed*) no phase opens or closes marks any more.
    """
    phases, now, zone = phases_of(call.phases), clock.now(), call.cohort.zone
    if not phases:
        return ()
    phase = phase_at(phases, now)
    following = next((each for each in phases if each.begins_at > now), None)
    said = [_named(Words(phase.title) if phase else None, When(following.begins_at, zone) if following else None)]
    may = ONLY_REOPENED if is_listed else why_not_mark(phases, zone, ReviewState.ASKED, at=now) or Message("Points can be given now.")
    said.append(may)
    return (*said, *_seen(sight_at(phases, now)))


def _named(title: Words | None, until: When | None) -> Message:
    if title is None:
        return Message("The evaluation begins on {moment}.", moment=until)
    return Message("Phase: {phase}, until {moment}.", phase=title, moment=until) if until else Message("Phase: {phase}.", phase=title)


def _seen(sight: Sight) -> list[Message]:
    shown, hidden = Message("The names of applicants are shown."), Message("The names of applicants are hidden from evaluators.")
    others = {
        Others.NEVER: Message("Evaluators do not see what others give."),
        Others.AFTER_OWN: Message("Evaluators see what others give once they have given their own; then these are fixed."),
        Others.ALWAYS: Message("Evaluators see what others give."),
    }
    return [hidden if sight.hides_names else shown, others[sight.others]]
