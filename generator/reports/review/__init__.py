"""The review file of a branch: the form that is filled in, and what stands in it already."""
