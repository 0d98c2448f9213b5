"""What a change may do and what it does: commands for whoever reviews it."""
