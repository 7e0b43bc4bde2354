"""The end of the reserve list: whoever waits in vain is told."""
