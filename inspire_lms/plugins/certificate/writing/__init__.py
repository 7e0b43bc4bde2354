"""Drawn elements in, the bytes of a PDF out: PDF/A-3a and PDF/UA-1, in one revision. What is common to a batch is written once."""
