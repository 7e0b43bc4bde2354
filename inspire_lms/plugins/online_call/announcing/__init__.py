"""The notice of a call as a set of documents with versions: what it said when, what changed, and who was told."""
