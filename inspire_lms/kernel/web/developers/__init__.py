"""For developers: what the page of components shows."""
