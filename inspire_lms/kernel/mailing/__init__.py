"""What mails need beside being written: the mail server, and waiting until somebody releases them."""
