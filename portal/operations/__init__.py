"""What those who run the portal look at: whether it is well, and how it is doing."""
