"""Reads of goods, one file a subject."""
