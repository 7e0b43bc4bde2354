"""Programmes, their editions, the cohort of each country, and who takes part.

An edition is one TOML file: `edition_file` reads it, `loading` writes it, plugins read their own tables of it.
"""
