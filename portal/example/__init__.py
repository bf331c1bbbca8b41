"""The demo: made-up people, plans and words, every row marked Example, taken out again in one command (R-C9)."""
