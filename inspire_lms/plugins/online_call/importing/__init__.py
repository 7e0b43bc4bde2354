"""Applications that came on paper or by another form: read from a table, tried dry, asked about, then written all at once."""
