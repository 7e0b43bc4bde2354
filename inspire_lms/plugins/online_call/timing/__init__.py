"""The dates of a call against each other."""
