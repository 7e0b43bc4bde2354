"""An applicant's words against the provisional list, and what somebody who had no part in it answers."""
