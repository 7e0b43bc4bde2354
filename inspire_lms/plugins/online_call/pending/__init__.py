"""What waits in the selection of a country, for whom and until when."""
