"""inspire_lms: one chain of evidence from the call for applications to the certificate."""
