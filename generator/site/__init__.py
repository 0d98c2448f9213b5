"""The static site: pages made from results alone, stamped into the theme's shell."""
