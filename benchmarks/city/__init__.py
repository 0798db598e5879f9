"""The portal on several machines, all of them this one: deploy/city, tried and broken."""
