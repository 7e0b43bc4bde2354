"""A final list that turns out to be wrong: one application is opened again by two people, and a corrected list follows."""
