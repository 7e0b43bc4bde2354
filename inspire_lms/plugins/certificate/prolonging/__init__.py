"""Sealed files are given longer-lived forms: a time stamp where the issue had none, the archive's after it, and new ones in time."""
