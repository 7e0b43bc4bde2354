"""Decisions other than what the rules found: one person proposes, another of the country confirms; until then nothing holds."""
