"""Pages of goods, one file a subject."""
