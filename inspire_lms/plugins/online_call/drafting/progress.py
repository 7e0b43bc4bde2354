"""How far a draft is, section by section: how many of the needed answers are there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inspire_lms.kernel.errors import Message, counted
from inspire_lms.plugins.online_call.questions import Answers, Kind, Section, Texts, missing, only_asked


@dataclass(frozen=True)
class Progress:
    """How far one section is."""

    code: str
    title: Texts
    answered: int
    needed: int
    """Answers without which nothing is submitted; a file and a declaration are answers too."""
    is_done: bool
    """True when nothing stands in the way: what is optional may be wrong too."""

    @property
    def text(self) -> Message:
        """Say it in words."""
        if not self.needed:
            return Message("Nothing in it has to be answered.")
        return counted("{done} of {n} needed answer", "{done} of {n} needed answers", n=self.needed, done=self.answered)


def progress(form: Sequence[Section], answers: Answers, attached: Collection[str]) -> tuple[Progress, ...]:
    """Say how far each section is of those that are asked after *answers*; *attached* as in questions.missing."""
    wrong = missing(form, answers, attached)
    found = []
    for section in only_asked(form, answers):
        needed = [each.code for each in section.questions if not each.is_optional and each.kind is not Kind.CONSENT]
        answered, is_done = sum(code not in wrong for code in needed), all(each.code not in wrong for each in section.questions)
        found.append(Progress(section.code, section.title, answered, len(needed), is_done))
    return tuple(found)
