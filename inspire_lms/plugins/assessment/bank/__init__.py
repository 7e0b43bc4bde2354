"""The question bank: reading and writing GIFT, versions, languages, coverage of the competences."""
