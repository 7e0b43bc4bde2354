"""Who has looked at an application: kept for as long as the application, and shown to the applicant."""
