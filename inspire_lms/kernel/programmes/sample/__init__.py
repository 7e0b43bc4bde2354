"""The sample pilot: its file, its people, and what they write."""
