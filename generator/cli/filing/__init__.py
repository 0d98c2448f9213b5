"""What people file and review with: commands that write records for them."""
