"""A search that was kept, told to people."""
