"""Deeds about many people at once: shown with their number and everybody whom they concern, done only as they were shown."""
