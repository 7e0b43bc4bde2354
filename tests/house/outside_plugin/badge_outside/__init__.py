"""Badges: the smallest plugin that comes from outside the package, with a table, a migration, words and a page of its own."""
