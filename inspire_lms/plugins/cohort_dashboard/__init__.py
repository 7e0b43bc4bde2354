"""Where a cohort stands: the funnel, the indicators, and the people who may not reach the end."""
