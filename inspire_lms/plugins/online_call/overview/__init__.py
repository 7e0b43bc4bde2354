"""How a selection stands: what is found from its evaluations, kept until the next deed, and drawn."""
