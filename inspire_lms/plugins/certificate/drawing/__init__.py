"""Layout and record in, PDF out. Nothing here knows a page or a table."""
