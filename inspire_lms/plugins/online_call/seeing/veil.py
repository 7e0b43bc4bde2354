"""What is kept from evaluators about the applicants of a call in the phase that it is now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.online_call import questions
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.applying.queries import Answered
from inspire_lms.plugins.online_call.authorising import queries as authorising
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.questions import Question
from inspire_lms.plugins.online_call.seeing.phases import AS_EVER, Sight, phases_of, sight_at

EMPLOYER = "administration"
"""The question whose answer says for whom the applicant works."""
ATTACHED = Message("A file is attached")
"""What stands in place of the name of a file, which its sender has chosen."""


@dataclass(frozen=True)
class Veil:
    """What an evaluator may read of an application."""

    call: Call
    sight: Sight
    shown: frozenset[str]
    """The questions whose answers are shown."""

    @property
    def hides_names(self) -> bool:
        """Say whether the applicant has no name here."""
        return self.sight.hides_names

    def administration(self, told: str) -> str:
        """Give the employer, or nothing when it would tell who applies."""
        return told if EMPLOYER in self.shown else ""

    def copy(self, application: Application) -> tuple[Answered, ...]:
        """Lay out the answers that may be read; while names are hidden, files have no names of their own."""
        attached = applying.attachments(application.id)
        file_name, by_link = ATTACHED if self.hides_names else None, authorising.stand_for_files(application, clock.now())
        return applying.copy_of(
            application.call.form, application.answers, attached, only=self.shown, by_link=by_link, file_name=file_name
        )


def sight(call: Call) -> Sight:
    """Say what evaluators of a call may do and see now."""
    return sight_at(phases_of(call.phases), clock.now())


def veil(call: Call) -> Veil:
    """Say what evaluators of a call may read now."""
    now = sight(call)
    asked = questions.all_questions(questions.form_of(call.form))
    return Veil(call, now, frozenset(each.code for each in asked if _is_shown(each, hides_names=now.hides_names)))


def widest(call: Call) -> Veil:
    """Say what evaluators of a call may read in the phase in which they may read most: the applicant's preview shows this."""
    hides_names = bool(call.phases) and all(phase.sight.hides_names for phase in phases_of(call.phases))
    asked = questions.all_questions(questions.form_of(call.form))
    shown = frozenset(each.code for each in asked if _is_shown(each, hides_names=hides_names))
    return Veil(call, replace(AS_EVER, hides_names=hides_names), shown)


def _is_shown(question: Question, *, hides_names: bool) -> bool:
    return not question.is_private and not (hides_names and question.tells_name)


def veils(call_ids: Iterable[int]) -> dict[int, Veil]:
    """Say it for several calls, in one statement."""
    return {call.id: veil(call) for call in session.scalars(select(Call).where(Call.id.in_(set(call_ids))))}

