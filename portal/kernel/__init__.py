"""The ground: database, clock, policy, commands, states, jobs, storage. Knows no feature and no request."""
