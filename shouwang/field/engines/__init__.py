"""Calculation of the phone's protocol, without a database."""
