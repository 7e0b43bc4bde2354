"""The committee's side: who is eligible, what each evaluator gives, where the selection stands."""
