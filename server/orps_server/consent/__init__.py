"""What a person has to agree to before anything runs or leaves the machine."""
