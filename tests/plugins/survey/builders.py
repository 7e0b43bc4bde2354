"""Surveys that are valid by default."""

from datetime import UTC, datetime
from typing import Any

from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.survey.models import Question, Section, Survey
from tests.builders import words

OPENS = datetime(2027, 4, 15, 16, 30, tzinfo=UTC)
CLOSES = datetime(2027, 5, 9, 21, 59, tzinfo=UTC)


def a_survey(cohort, **but: Any) -> Survey:
    """One question of each kind, for two competences."""
    scale = [dict(words(f"Point {number}")) for number in range(1, 6)]

    def section(number, kind, codes):
        name = f"s{number}"
        questions = [Question(number=at, code=f"{name}.{code}", text=words(f"Question {code}")) for at, code in enumerate(codes, 1)]
        return Section(
            number=number,
            code=name,
            kind=kind,
            title=words(kind),
            intro=words(""),
            scale=[] if kind == "comments" else scale,
            questions=questions,
        )

    facts = {
        "cohort_id": cohort.id,
        "code": "after-course",
        "title": words("How was it?"),
        "intro": words("Six minutes."),
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "sections": [section(1, "scale", ["useful", "peers"]), section(2, "gain", ["ethics", "systems"]), section(3, "comments", ["keep"])],
    }
    with transaction():
        made = Survey(**facts | but)
        session.add(made)
        session.flush()
        return made


ANSWERS = {"s1.useful": 5, "s1.peers": 0, "s2.ethics": [2, 4], "s3.keep": "Γεώργιος, Țiriac, D'Angelo <b>"}
