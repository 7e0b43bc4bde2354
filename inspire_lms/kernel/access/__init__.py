"""Who may do what, where: contexts in a tree, roles granted in a context, capabilities of roles."""
