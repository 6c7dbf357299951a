"""The pages of goods, one file a subject."""
