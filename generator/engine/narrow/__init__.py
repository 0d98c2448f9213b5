"""Some branches of many: which a change reaches, and reading only these."""
