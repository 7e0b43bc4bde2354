"""Letters to applicants: of which call and kind each is, those that wait to be released, and announcements by rule."""
