"""Measurements, as ratios within one run; `make bench` makes docs/performance.md anew."""
