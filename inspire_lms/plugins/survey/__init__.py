"""Surveys: who took part is known, who answered what is not, and the tables make sure of it."""
