"""The digital credential: what a certificate says, for programs, signed by a key of its own."""
