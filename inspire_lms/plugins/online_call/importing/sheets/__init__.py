"""Tables that come from outside: CSV and XLSX, as rows of text."""
