"""Reading TOML with the line of every mistake."""
