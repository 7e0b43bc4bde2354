"""The call: publish it, take applications, judge them, rank them, and fill the places."""
