"""How long a certificate lasts, what its holder is told when it ends, and when it can be renewed."""
