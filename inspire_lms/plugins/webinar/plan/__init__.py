"""The plan of a cohort: webinars made, moved, published, cancelled, and who is told."""
