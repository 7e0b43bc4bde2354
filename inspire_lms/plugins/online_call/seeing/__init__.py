"""Who sees what while applications are evaluated: phases that the clock alone changes."""
