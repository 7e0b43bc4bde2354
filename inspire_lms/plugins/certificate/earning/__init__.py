"""What was asked for, what is on record, and what was earned by it."""
