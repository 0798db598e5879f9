"""Who hears of what: every listener only queues work."""
