"""The employer's authorisation by a link: the applicant asks, the superior answers, the rules of eligibility look at it."""
