"""What people announces, inside the transaction that changes it. Receivers write nothing but their own due rows."""

from __future__ import annotations

from django.dispatch import Signal

# A care flag was accepted, ended or declined: household_id, person_id, flag_id, kind, state, at.
care_changed = Signal()
# What a door is has changed: dwelling_id, before, after, at.
occupancy_changed = Signal()
# Somebody moved between households, or left (after None): person_id, before, after, at.
home_changed = Signal()
# A person is somewhere else than at home, or back: person_id, household_id, kind, at.
stay_changed = Signal()
# One person had been entered twice and is one entry now: survivor_id, alias_id, at.
persons_merged = Signal()
