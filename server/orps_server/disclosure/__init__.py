"""What may leave this machine for a model, and what is taken out on the way."""
