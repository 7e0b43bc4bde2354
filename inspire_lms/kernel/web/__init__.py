"""What pages have in common: the guard, forms, tables, error pages, and the pages of the kernel itself."""
