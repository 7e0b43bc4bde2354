"""From the ranking to the places: publish, offer, accept, give up, call up."""
