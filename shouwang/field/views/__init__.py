"""Pages and answers of the field app, one file a subject."""

from shouwang.field.views.app import manifest, shell, words, worker
from shouwang.field.views.phone import enrol, me, pull, sync
from shouwang.field.views.set_aside import bring_in, decide, set_aside, set_aside_row
from shouwang.field.views.work import attempt, decline, finish, give_back, job, my_work, start, take

__all__ = [
    "attempt",
    "bring_in",
    "decide",
    "decline",
    "enrol",
    "finish",
    "give_back",
    "job",
    "manifest",
    "me",
    "my_work",
    "pull",
    "set_aside",
    "set_aside_row",
    "shell",
    "start",
    "sync",
    "take",
    "words",
    "worker",
]
