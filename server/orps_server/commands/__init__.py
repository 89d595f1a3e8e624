"""What the commands do. Each returns at once; nothing waits for a model or a test."""
