"""Plans as spreadsheets: taken out, brought back, and brought in from tables that never were in the portal (R-A12, R-W3, R-W4)."""
