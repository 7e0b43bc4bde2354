"""An attempt: starting it, answering, saving each change, submitting."""
