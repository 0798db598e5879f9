"""One index of what stands in dossiers: for searching, and for seeing what is like something else."""
