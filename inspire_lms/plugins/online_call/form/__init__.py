"""What an edition file may say about a form beyond its kinds of questions: when something is asked, and what never is."""
