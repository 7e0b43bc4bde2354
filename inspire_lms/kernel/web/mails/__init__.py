"""The mails that the site wrote, and the addresses to which nothing is sent."""
