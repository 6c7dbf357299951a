"""The outside: message channels. Called by jobs only."""
