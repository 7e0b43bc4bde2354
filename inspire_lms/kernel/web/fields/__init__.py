"""The kinds of fields: what is typed, and what is picked."""
