"""What is left to do before a year ends, and by whom."""
