"""Answers that are right or wrong on purpose, for sample data and for trying a bank out."""

from decimal import Decimal

from inspire_lms.plugins.assessment.kinds import matching
from inspire_lms.plugins.assessment.kinds.shape import ALL, Content


def right(kind: str, content: Content, language: str) -> list[str]:
    """Give an answer that earns the whole mark; *language* matters where words are written."""
    match kind:
        case "single":
            return [next(each["code"] for each in content["choices"] if Decimal(each["weight"]) == ALL)]
        case "multiple":
            return [each["code"] for each in content["choices"] if Decimal(each["weight"]) > 0]
        case "true_false":
            return [content["truth"]]
        case "numeric":
            return [next(each["least"] for each in content["numbers"] if Decimal(each["weight"]) == ALL)]
        case "short_text":
            answers = content["accepted"].get(language) or next(iter(content["accepted"].values()))
            return [next(each["text"] for each in answers if Decimal(each["weight"]) == ALL).replace("*", "")]
        case "matching":
            return [str(place) for place, _pair in matching.lefts(content)]
    return ["…"]


def wrong(kind: str, content: Content) -> list[str]:
    """Give an answer that earns nothing, or less than the whole mark where nothing cannot be had."""
    match kind:
        case "single" | "multiple":
            return [min(content["choices"], key=lambda each: Decimal(each["weight"]))["code"]]
        case "true_false":
            return ["false" if content["truth"] == "true" else "true"]
        case "numeric":
            return [format(max(Decimal(each["most"]) for each in content["numbers"]) + 1000, "f")]
        case "short_text":
            return ["?"]
        case "matching":
            places = [place for place, _pair in matching.lefts(content)]
            return [str(place) for place in places[1:] + places[:1]]
    return []
