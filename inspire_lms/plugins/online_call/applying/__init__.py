"""The applicant's side: the call's page, the draft, the receipt, the way back out."""
