"""What is learnt: competences with levels, and units with learning outcomes and hours."""
