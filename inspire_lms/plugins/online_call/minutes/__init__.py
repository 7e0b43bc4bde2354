"""The minutes of a publication: what they state is kept with it, and printed whenever the committee asks."""
