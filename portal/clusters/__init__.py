"""Dossiers that are about the same thing at the same place and time: what grew together, for who bundles."""
