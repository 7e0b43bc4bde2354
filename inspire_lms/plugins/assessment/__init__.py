"""Question bank, pre-test, final test and essay: what people can, shown by their answers."""
