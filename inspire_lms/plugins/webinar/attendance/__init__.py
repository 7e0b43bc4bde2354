"""Who was there: joining and leaving, the register, reports of meeting tools, and what it adds up to."""
