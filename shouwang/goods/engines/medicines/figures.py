"""Figures of the medicine bank, each with where it comes from."""

from __future__ import annotations

from datetime import timedelta

# Our own target; in the report from Shanghai it took a little over half an hour (scene F2).
TARGET = {"now": timedelta(minutes=30), "today": timedelta(hours=6), "days": timedelta(days=2)}
# When those on duty hear of an ask that is still open, and who: each turn tells more people.
WATCH_MINUTES = (10, 20, 30)
# A fever below this age is asked for 'now' unless somebody says otherwise. Our own figure: nursery age.
YOUNG_MONTHS = 36
# What a household may have in a period, in persons' shares: two who are ill at once. Our own figure.
HOUSEHOLD_SHARES = 2
# As far back as the checks look at what the bank gave before: longer than the longest period.
LOOKS_BACK = timedelta(days=30)
# Leaflets stay with their lot, and are personal of nobody; a year covers the usual shelf life of an opened pack.
LEAFLET_LIVES = timedelta(days=365)
