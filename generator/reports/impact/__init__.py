"""What a change does, in each form: table, JSON, Markdown."""
