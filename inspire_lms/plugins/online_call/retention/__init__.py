"""How long applications are kept: what is deleted when, shown beforehand; and what an applicant may erase before that."""
