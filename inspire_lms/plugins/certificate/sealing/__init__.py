"""A PDF in, the same PDF sealed: the seam for a key of one's own, and the demonstration authority."""
