"""What of the notice is a text to be read: annexes, the privacy notice, the paper."""
