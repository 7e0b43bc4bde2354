"""What other pages show of webinars: the own path, the menu, tasks, figures."""
