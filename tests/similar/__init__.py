"""The index: what it finds, and how it keeps up."""
