"""Who is too near to an applicant to decide about the application: somebody else of the country does it, or the administration."""
