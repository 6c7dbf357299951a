"""Every write of places: the tree, the doors, the posts and the coverage they give."""

from shouwang.places.services.glass import break_glass, end_glass, erase_glass, mark_glass_seen
from shouwang.places.services.posts import (
    appoint,
    end_post,
    mark_gap_told,
    note_end_of_post,
    recount_coverage,
    resume_posts,
    suspend_posts,
)
from shouwang.places.services.tree import (
    WantedLeaf,
    add_grid,
    add_office,
    create_community,
    ensure_building,
    ensure_dwelling,
    ensure_dwellings,
    ensure_leaves,
    ensure_stairwell,
    make_area,
    place_under,
)

__all__ = [
    "WantedLeaf",
    "add_grid",
    "add_office",
    "appoint",
    "break_glass",
    "create_community",
    "end_glass",
    "end_post",
    "ensure_building",
    "ensure_dwelling",
    "ensure_dwellings",
    "ensure_leaves",
    "ensure_stairwell",
    "erase_glass",
    "make_area",
    "mark_gap_told",
    "mark_glass_seen",
    "note_end_of_post",
    "place_under",
    "recount_coverage",
    "resume_posts",
    "suspend_posts",
]
