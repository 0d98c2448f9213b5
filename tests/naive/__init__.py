"""A second, naive reading of the data formats, and random repositories to hold both against."""
