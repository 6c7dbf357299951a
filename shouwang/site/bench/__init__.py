"""`shouwang bench`: how fast the main pages and writes are, each beside the bare database or a limit, in one run.

`apart` gives the run a home and a database of its own; `world` fills it; `ledger`, `registers`, `pages`, `requests`
and `engines` say what is measured beside what; `timing` measures in turns; `report` writes it down.
"""
