"""Who was not given the whole, why, and the appeal against that or against a revocation."""
