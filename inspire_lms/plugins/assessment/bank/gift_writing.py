"""Writes questions as GIFT, in one language, so that the reader gives the same back."""

from collections.abc import Iterable, Mapping
from typing import Any

from inspire_lms.plugins.assessment.bank.gift import Question
from inspire_lms.plugins.assessment.bank.gift_words import escape
from inspire_lms.plugins.assessment.kinds.shape import Content


def write(questions: Iterable[Question], language: str) -> str:
    """Give the text of a file with the *language* of *questions*, each after its category."""
    blocks: list[str] = []
    category = ""
    for question in questions:
        if question.category != category:
            category = question.category
            blocks.append(f"$CATEGORY: {category}")
        blocks.append(written(question.title, question.kind, question.content, language))
    return "\n\n".join(blocks) + "\n"


def written(title: str, kind: str, content: Content, language: str) -> str:
    """Give one question as GIFT."""
    general = _feedback(content, "feedback", language, "####")
    lines = _answers(kind, content, language) + ([general] if general else [])
    body = "\n".join(f"  {line}" for line in lines)
    braces = f"{{\n{body}\n}}" if len(lines) > 1 else f"{{{''.join(lines)}}}"
    return f"::{escape(title)}:: {escape(content['text'][language])} {braces}"


def _feedback(holder: Mapping[str, Any], key: str, language: str, sign: str = "#") -> str:
    text = holder.get(key, {}).get(language, "")
    return f"{sign}{escape(text)}" if text else ""


def _answers(kind: str, content: Content, language: str) -> list[str]:
    """Give one line for each answer."""
    match kind:
        case "single" | "multiple":
            return [_choice(choice, language) for choice in content["choices"]]
        case "true_false":
            wrong, right = _feedback(content, "feedback_wrong", language), _feedback(content, "feedback_right", language)
            return [("T" if content["truth"] == "true" else "F") + (f"{wrong or '#'}{right}" if wrong or right else "")]
        case "numeric":
            return ["#", *(_number(each, language) for each in content["numbers"]), *_otherwise(content, language)]
        case "short_text":
            return [_accepted(each, language) for each in content["accepted"][language]]
        case "matching":
            return [f"={escape(pair['left'].get(language, ''))} -> {escape(pair['right'][language])}" for pair in content["pairs"]]
    return []


def _choice(choice: Mapping[str, Any], language: str) -> str:
    sign = "=" if choice["weight"] == "100" else f"~%{choice['weight']}%"
    return f"{sign}{escape(choice['text'][language])}{_feedback(choice, 'feedback', language)}"


def _accepted(each: Mapping[str, Any], language: str) -> str:
    return f"=%{each['weight']}%{escape(each['text'])}{_feedback(each, 'feedback', language)}"


def _number(each: Mapping[str, Any], language: str) -> str:
    return f"=%{each['weight']}%{each['least']}..{each['most']}{_feedback(each, 'feedback', language)}"


def _otherwise(content: Content, language: str) -> list[str]:
    said = _feedback(content, "feedback_wrong", language)
    return [f"~{said}"] if said else []
