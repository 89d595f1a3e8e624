"""What happened in a search, as append-only records, and what follows from them."""
