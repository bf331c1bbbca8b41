"""Machinery that every other package rests on. It holds no word of the partnership's work.

One module for one thing: text cleaning, ids, one-use tokens, sender's codes, edits by two people at once, the page cache,
the outbox, uploads, spreadsheets, page numbers, errors and logs. It imports nothing from the other packages.
"""
