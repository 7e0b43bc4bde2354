"""Answering an offer by the link in its mail, without signing in: the page that opens asks, and only its buttons change anything."""
