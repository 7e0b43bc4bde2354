"""What was published and when: numbered, chained by fingerprints, never changed; first provisionally, then finally."""
