"""PDF by our own hand: objects, faces and metadata for whoever writes a file, and whole documents of texts and tables (document)."""
