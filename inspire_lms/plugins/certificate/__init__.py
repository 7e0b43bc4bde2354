"""Certificates: who has earned one, who decides, the sealed PDF, and the public check."""
