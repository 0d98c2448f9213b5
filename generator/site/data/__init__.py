"""What pages are made of: years, survey, standings, figures."""
