"""The public check: by code, by number, or by the file itself."""
