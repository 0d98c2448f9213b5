"""Files for programs: tables, feeds, badges, pictures, results."""
