"""What people fill in, one file a subject."""

from shouwang.rounds.forms.calling import PointForm, TablesForm
from shouwang.rounds.forms.roster import BeginForm, EntryForm
from shouwang.rounds.forms.walking import GiveForm

__all__ = ["BeginForm", "EntryForm", "GiveForm", "PointForm", "TablesForm"]
