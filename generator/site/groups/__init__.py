"""Pages of consortia and societies."""
