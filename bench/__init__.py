"""What is measured, never tested: speed, memory, quality, policies."""
