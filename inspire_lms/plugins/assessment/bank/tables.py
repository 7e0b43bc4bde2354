"""The tables of the bank: its questions, what it covers, the key of one question."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import Words, _, show, when
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.assessment.bank.queries import Cover
from inspire_lms.plugins.assessment.kinds import essay, matching
from inspire_lms.plugins.assessment.kinds.known import KINDS, TITLES, languages
from inspire_lms.plugins.assessment.kinds.shape import Content, said


def listing(rows: Sequence[Any]) -> Table:
    """List questions with their competence, kind, languages and version."""
    columns = (
        Column("question", Message("Question")),
        Column("competence", Message("Competence")),
        Column("kind", Message("Kind")),
        Column("languages", Message("Languages"), kind="inl"),
        Column("version", Message("Version"), kind="num"),
    )
    return Table(
        columns,
        [
            {
                "question": Cell(Words(row.content["text"]), url_for("assessment.bank_question", question_id=row.id), note=row.title),
                "competence": row.competence,
                "kind": TITLES[row.kind],
                "languages": ", ".join(languages(row.kind, row.content)),
                "version": row.number,
            }
            for row in rows
        ],
        caption=Message("Questions in the bank"),
        empty=Message("No question fits."),
    )


def coverage(covers: Sequence[Cover], speaking: Sequence[str]) -> Table:
    """Set competences against kinds and languages; a hole is marked with the word for it."""
    kinds = [kind for kind in KINDS if kind != "essay"]
    columns = [
        Column("competence", Message("Competence")),
        Column("total", Message("In all"), kind="num"),
        Column("needed", Message("Needed"), kind="num"),
        *(Column(kind, TITLES[kind], kind="num") for kind in kinds),
        *(Column(f"in {code}", code, kind="num") for code in speaking),
    ]
    rows = []
    for each in covers:
        row: dict[str, Any] = {
            "competence": each.title,
            "total": Cell(each.total, status="warn", note=Message("too few")) if each.total < each.needed else each.total,
            "needed": each.needed,
        }
        row |= dict(each.by_kind)
        for code, count in each.by_language.items():
            row[f"in {code}"] = Cell(count, status="warn", note=Message("not all")) if count < each.total else count
        rows.append(row)
    return Table(columns, rows, caption=Message("Coverage of the competences"), empty=Message("The framework has no competences yet."))


def key(newest: Any, language: str) -> list[tuple[str, str]]:  # noqa: ANN401 (a row)
    """List the answers of a question with what each is worth, and the feedback to it."""
    content: Content = newest.content
    match newest.kind:
        case "single" | "multiple":
            return [(said(each["text"], language), _worth(each, language)) for each in content["choices"]]
        case "true_false":
            return [(_("Right answer"), _("True") if content["truth"] == "true" else _("False"))]
        case "numeric":
            return [(f"{each['least']} – {each['most']}", _worth(each, language)) for each in content["numbers"]]
        case "short_text":
            return [(each["text"], _worth(each, language)) for each in content["accepted"].get(language, ())]
        case "matching":
            right = [(said(pair["left"], language), said(pair["right"], language)) for _place, pair in matching.lefts(content)]
            return [*right, *((_("Decoy"), said(pair["right"], language)) for pair in content["pairs"] if not any(pair["left"].values()))]
    return [(_spoken(each.title, language), " / ".join(show(level.points) for level in each.levels)) for each in essay.criteria(content)]


def _spoken(title: Any, language: str) -> str:  # noqa: ANN401 (words or a message)
    return show(title, language) if isinstance(title, Message) else said(title, language)


def _worth(each: Content, language: str) -> str:
    feedback = said(each.get("feedback", {}), language)
    worth = _("{percent} % of the mark", percent=each["weight"])
    return f"{worth}. {feedback}" if feedback else worth


def history(versions: Sequence[Any]) -> list[tuple[str, str]]:
    """Say of each version when it was made and when it was first used."""
    return [
        (
            _("Version {n}, {when}", n=row.number, when=when(row.made_at, style="short")),
            _("first used on {when}", when=when(row.used_at, style="short")) if row.used_at else _("not used yet"),
        )
        for row in versions
    ]
