"""What a bundle does when something happens to it."""
