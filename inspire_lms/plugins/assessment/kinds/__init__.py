"""The kinds of question: one pure module each, listed in known.py."""
