"""The countries of an edition beside each other: of others only sums of five people or more."""
