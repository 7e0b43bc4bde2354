"""Mending an application: what is missing or cannot be read is asked for once, answered once, in a stated time."""
