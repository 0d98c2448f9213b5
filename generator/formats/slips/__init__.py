"""What keeps a text from being read, told at the line where somebody slipped."""
