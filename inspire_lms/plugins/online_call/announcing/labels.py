"""What the fields of a notice are called where one says that they changed."""

from collections.abc import Mapping

from inspire_lms.kernel.errors import Message

FIELDS: Mapping[str, Message] = {
    "title": Message("Title"),
    "heading": Message("Heading"),
    "lede": Message("Introduction"),
    "opens_at": Message("Opening of the call"),
    "closes_at": Message("Closing of the call"),
    "checked_by": Message("Last day for the check of the conditions"),
    "ranked_by": Message("Last day for the offers"),
    "reserve_until": Message("End of the reserve list"),
    "contact": Message("Address for questions"),
    "seed": Message("Seed of the draw"),
    "chain": Message("When totals are equal"),
    "quotas": Message("Quotas"),
    "form": Message("Form"),
    "eligibility": Message("Conditions"),
    "prepare": Message("What to prepare"),
    "suitable_from": Message("Least points for a place"),
    "gap": Message("Points apart from which a third person evaluates"),
    "offer_days": Message("Days to answer an offer"),
    "offer_until": Message("Time of day at which offers lapse"),
    "remind_hours": Message("Hours before an offer lapses at which a reminder is sent"),
    "mend_days": Message("Days to mend what is asked for"),
    "annexes": Message("Annexes"),
    "privacy": Message("Privacy notice"),
    "held": Message("Privacy notice: what is kept, why and for how long"),
    "criteria": Message("Criteria"),
    "country": Message("Country"),
    "country_name": Message("Country"),
    "zone": Message("Time zone"),
    "zone_name": Message("Name of the time zone"),
    "language": Message("Language of the country"),
    "seats": Message("Places"),
    "course_title": Message("Course"),
    "starts_on": Message("Beginning of the course"),
}
"""By the name of the column, or of what else the notice holds."""

PARTS: Mapping[str, Message] = {
    "criteria": Message("Criterion “{title}”"),
    "quotas": Message("Quota “{title}”"),
    "form": Message("Section “{title}” of the form"),
    "questions": Message("Question “{title}”"),
    "options": Message("Question “{question}”, option “{title}”"),
    "eligibility": Message("Condition “{title}”"),
    "annexes": Message("Annex “{title}”"),
}
"""One of several, by what holds it."""

WITHIN: Mapping[str, Message] = {
    "title": Message("title"),
    "label": Message("wording"),
    "hint": Message("help text"),
    "about": Message("explanation"),
    "weight": Message("weight"),
    "text": Message("text"),
    "reason": Message("reason that is given"),
    "kind": Message("kind of answer"),
    "most": Message("at most"),
    "least": Message("at least"),
    "optional": Message("may be left out"),
    "options": Message("options"),
    "questions": Message("questions"),
    "criterion": Message("criterion by which it is judged"),
    "private": Message("hidden from evaluators"),
    "mendable": Message("may be mended"),
    "link": Message("answer of a superior by a link"),
    "check": Message("what is looked at"),
    "question": Message("question that is looked at"),
    "values": Message("answers that do"),
    "unsure": Message("answers that have to be looked at"),
    "answers": Message("answers that do"),
    "controller": Message("controller"),
    "recipients": Message("recipients"),
    "authority": Message("supervisory authority"),
    "contact": Message("contact"),
}
"""A field of one of them, by its name there."""
