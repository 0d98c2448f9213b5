"""Reports: results and findings as text, tables and machine formats. All escape what they print."""
