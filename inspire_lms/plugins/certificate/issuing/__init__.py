"""From the evidence to the decision, and from the decision to sealed files and letters."""
