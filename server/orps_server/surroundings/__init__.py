"""What of a project a model is shown, beside the target and its tests."""
