"""The words that plugins share: facts (something has happened) and enquiries (something one wants to know).

Frozen dataclasses of plain values, grouped by topic and not by plugin. This package imports the
standard library and nothing else.
"""

from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Fact:
    """Something that has happened, told to whoever listens.

    A fact is never vetoed, is delivered at least once, and is stored between the telling and the
    hearing: its fields are numbers, words, moments, and tuples of these. A fact with a field
    *cohort_id* reaches only the plugins that are switched on for the edition of that cohort.
    """


class Enquiry(Generic[Answer]):
    """Something that one component wants to know; *Answer* is the type of what comes back.

    An enquiry asks about many at once where there may be many. One with a field *cohort_id* is not
    passed to plugins that are switched off for the edition of that cohort.
    """
