"""What a phone may say of goods while it has no signal, one file a subject. See docs/offline.md."""
