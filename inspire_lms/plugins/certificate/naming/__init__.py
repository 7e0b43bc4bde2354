"""The name that will be printed: its bearer is asked whether it is right, before anything is issued."""
