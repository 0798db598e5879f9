"""The real thing, broken on purpose while people use it (docs/reliability.md)."""
