"""What an applicant is handed out beside the rows of the own application: what others judged of it, once it is published."""
