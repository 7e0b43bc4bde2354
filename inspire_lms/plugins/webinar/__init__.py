"""Webinars: planned, announced, in everybody's calendar, and on a register that says who was there."""
