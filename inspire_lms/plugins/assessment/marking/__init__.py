"""Marks by hand: essays with the names hidden, later corrections with a reason, results of a cohort."""
