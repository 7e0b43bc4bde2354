"""What an edition file says about certificates: what is asked for, what is printed, how long it lasts."""
