"""What the public may see of a branch and year as data, and a tree made of it again."""
