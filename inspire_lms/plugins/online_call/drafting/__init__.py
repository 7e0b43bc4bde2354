"""Writing a draft: saved from several devices, shown as the committee will see it, and reminded of."""
