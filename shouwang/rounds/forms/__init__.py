"""The forms of rounds, one file a subject."""

from shouwang.rounds.forms.asking import EntryForm, Preview
from shouwang.rounds.forms.calling import PointForm, TablesForm
from shouwang.rounds.forms.cards import QuestionCard, RuleCard
from shouwang.rounds.forms.closing import CloseForm
from shouwang.rounds.forms.kinds import KindEditor
from shouwang.rounds.forms.proposals import DeclineForm
from shouwang.rounds.forms.roster import BeginForm
from shouwang.rounds.forms.walking import GiveAllForm, GiveForm

__all__ = [
    "BeginForm",
    "CloseForm",
    "DeclineForm",
    "EntryForm",
    "GiveAllForm",
    "GiveForm",
    "KindEditor",
    "PointForm",
    "Preview",
    "QuestionCard",
    "RuleCard",
    "TablesForm",
]
