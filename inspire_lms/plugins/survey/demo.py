"""Sample answers: most trainees take part, in their own language."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.survey import actions, queries
from inspire_lms.plugins.survey.rules import Kind

COMMENTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "it": {
        "keep": (
            "Gli esempi presi da amministrazioni vere.",
            "Il lavoro in piccoli gruppi.",
            "La puntualità e il materiale inviato prima.",
        ),
        "change": ("Più tempo per le domande.", "Un incontro in presenza a metà percorso."),
    },
    "el": {
        "keep": ("Οι πραγματικές περιπτώσεις από δήμους.", "Η συνεργασία σε μικρές ομάδες."),
        "change": ("Περισσότερος χρόνος για ερωτήσεις.", "Λιγότερες διαφάνειες, περισσότερη πρακτική."),
    },
    "ro": {
        "keep": ("Exemplele din primării reale.", "Lucrul în grupuri mici.", "Materialele trimise din timp."),
        "change": ("Mai mult timp pentru întrebări.", "O întâlnire față în față."),
    },
}
"""Invented comments by language and question."""
SHARE = 0.85
"""Of the trainees, how many take part."""


def closing(demo: Any) -> None:  # noqa: ANN401 (the driver of the demo)
    """Let most trainees answer the survey."""
    for cohort in programmes.cohorts(demo.edition_id):
        for survey in queries.surveys(cohort.id):
            survey_id, at = survey.id, survey.opens_at + timedelta(hours=2)
            questions = [(section.kind, question.code) for section in survey.sections for question in section.questions]
            for member in programmes.members(cohort.id):
                if demo.random.random() < SHARE or member.email.startswith("trainee."):
                    with demo.clock(at):
                        actions.answer(survey_id, by=member.person_id, answers=_answers(demo, cohort.language, questions))


def _answers(demo: Any, language: str, questions: list[tuple[str, str]]) -> dict[str, Any]:  # noqa: ANN401
    answers: dict[str, Any] = {}
    for kind, code in questions:
        if kind == Kind.SCALE:
            answers[code] = demo.random.choices((1, 2, 3, 4, 5, 0), (1, 2, 5, 14, 12, 1))[0]
        elif kind == Kind.GAIN:
            before = demo.random.choices((1, 2, 3, 4), (3, 6, 5, 2))[0]
            answers[code] = [before, min(5, before + demo.random.choices((0, 1, 2), (2, 6, 4))[0])]
        elif demo.random.random() < 0.4:  # noqa: PLR2004 (four in ten write something)
            written = COMMENTS.get(language, COMMENTS["it"]).get(code.partition(".")[2], ())
            answers[code] = demo.random.choice(written) if written else None
    return answers
