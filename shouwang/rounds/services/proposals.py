"""What answers propose is kept with the word that carried them; a person begins it, or does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many, update_many
from shouwang.core.errors import Refusal
from shouwang.core.moves import move
from shouwang.help.services import take_in_request
from shouwang.help.states import Source, Verified
from shouwang.people.services import add_flag
from shouwang.rounds.engines.proposals import Draft, drafts_of, proposal_id, result_id
from shouwang.rounds.engines.texts import said
from shouwang.rounds.models import Attempt, Proposal, Round
from shouwang.rounds.selectors.point import place_of
from shouwang.rounds.selectors.proposals import heading_of, rule_of, spoken_answers
from shouwang.rounds.services.counting import leaf_of
from shouwang.rounds.states import PROPOSAL_MOVES, EntryState, ProposalState, Proposed


def propose_from(attempts: Sequence[Attempt], *, by: User, at: datetime) -> list[Proposal]:
    """Drafts what these attempts' answers propose, in the transaction and under the locks of `hear_words`; answers
    the new proposals.

    An answer proposes whether or not its word stands, so that nobody's call is lost because somebody else was quicker.
    Taken back is an untouched proposal only by a word that stands: one with other answers, or one that takes the word
    before back. What a person has begun or declined stays.
    """
    speaking = [one for one in attempts if one.answers or one.state == EntryState.WAITING]
    ids = {one.entry.round_id for one in speaking}
    rounds = (
        {row.pk: row for row in Round.objects.filter(pk__in=ids).only("questions", "rules")} if ids else {}
    )
    speaking = [one for one in speaking if rounds[one.entry.round_id].rules]
    if not speaking:
        return []
    hearing = _Proposing(speaking, at)
    for attempt in speaking:
        round_ = rounds[attempt.entry.round_id]
        hearing.hear(attempt, drafts_of(round_.questions, round_.rules, attempt.answers))
    hearing.write(by)
    return list(hearing.new.values())


class _Proposing:
    """The proposals of some entries as they stand after each word."""

    def __init__(self, attempts: Sequence[Attempt], at: datetime) -> None:
        self.at = at
        self.entries = {one.entry_id: one.entry for one in attempts}
        rows = Proposal.objects.select_for_update().filter(entry_id__in=self.entries).order_by("pk")
        self.there: defaultdict[UUID, dict[UUID, Proposal]] = defaultdict(dict)
        for row in rows:
            self.there[row.entry_id][row.pk] = row
        self.new: dict[UUID, Proposal] = {}
        self.changed: dict[UUID, Proposal] = {}

    def hear(self, attempt: Attempt, drafts: Sequence[Draft]) -> None:
        called = {proposal_id(attempt.entry_id, draft.rule): draft for draft in drafts}
        for pk, draft in called.items():
            self._propose(pk, draft, attempt)
        if not attempt.counts:
            return
        for pk, row in self.there[attempt.entry_id].items():
            if pk not in called and row.state == ProposalState.PROPOSED:
                row.state = ProposalState.WITHDRAWN
                self._note(row)

    def _propose(self, pk: UUID, draft: Draft, attempt: Attempt) -> None:
        there = self.there[attempt.entry_id]
        row = there.get(pk)
        if row is None:
            row = Proposal(
                pk=pk, entry=attempt.entry, rule=draft.rule, what=draft.what, urgent=draft.urgent, made_at=self.at,
            )  # fmt: skip
            row.answers = draft.answers
            there[pk] = self.new[pk] = row
        elif row.state == ProposalState.WITHDRAWN or (row.state == ProposalState.PROPOSED and attempt.counts):
            row.made_at = row.made_at if row.state == ProposalState.PROPOSED else self.at
            row.state, row.answers = ProposalState.PROPOSED, draft.answers
            self._note(row)

    def _note(self, row: Proposal) -> None:
        if row.pk not in self.new:
            self.changed[row.pk] = row

    def write(self, by: User) -> None:
        insert_many(list(self.new.values()))
        update_many(list(self.changed.values()), ["state", "answers", "made_at"])
        by_leaf: dict[tuple[UUID, UUID], list[Proposal]] = {}
        for row in (*self.new.values(), *self.changed.values()):
            entry = self.entries[row.entry_id]
            by_leaf.setdefault((entry.round_id, leaf_of(entry)), []).append(row)
        for (round_id, _leaf), rows in by_leaf.items():
            write_audit(
                "rounds.proposals.made", by=by, at=self.at, subject=round_id,
                placed=self.entries[rows[0].entry_id],
                made=sum(row.state == ProposalState.PROPOSED for row in rows),
                withdrawn=sum(row.state == ProposalState.WITHDRAWN for row in rows),
            )  # fmt: skip


@transaction.atomic
def begin_proposal(*, proposal: Proposal, by: User, at: datetime | None = None) -> Proposal:
    """Makes of a proposal what it proposes: a request is taken in, a care flag accepted. Its id follows from the
    proposal's, so nothing is made twice.

    Refusal for an observation, which nobody can begin yet. Conflict when somebody has decided already, or when the care
    flag is there.
    """
    at = at or clock.now()
    begin = BEGINNING.get(proposal.what)
    if begin is None:
        raise Refusal(
            "observation-later",
            _(
                "Home observation is not part of this program yet. Write it into your own list, then decline it here."
            ),
        )
    proposal = move(_lock(proposal), ProposalState.BEGUN, table=PROPOSAL_MOVES, by=by, at=at)
    proposal.result_id = begin(proposal, by, at)
    proposal.save(update_fields=["result_id"])
    write_audit(
        "rounds.proposal.begun",
        by=by,
        at=at,
        subject=proposal.result_id,
        placed=proposal.entry,
        what=proposal.what,
    )
    return proposal


@transaction.atomic
def decline_proposal(*, proposal: Proposal, note: str, by: User, at: datetime | None = None) -> Proposal:
    """Leaves a proposal be, with a word why. Refusal without the word. Conflict when somebody has decided already."""
    at = at or clock.now()
    if not note.strip():
        raise Refusal("reason-missing", _("Please say in a word why it is not taken up."), field="note")
    proposal = _lock(proposal)
    token = Proposal.note.sealed_for(proposal, note.strip()[:200])  # type: ignore[attr-defined]
    made = move(proposal, ProposalState.DECLINED, table=PROPOSAL_MOVES, by=by, at=at, note=token)
    write_audit(
        "rounds.proposal.declined", by=by, at=at, subject=made.pk, placed=proposal.entry, what=proposal.what
    )
    return made


@transaction.atomic
def record_proposals_read(*, proposals: Sequence[Proposal], by: User, at: datetime) -> None:
    """That somebody opened these proposals with what was answered; one row a community."""
    by_community: dict[UUID, list[Proposal]] = {}
    for row in proposals:
        by_community.setdefault(row.entry.round.community_id, []).append(row)
    for community_id, rows in by_community.items():
        write_audit(
            "rounds.proposals.read", by=by, at=at, subject=community_id, placed=rows[0].entry, proposals=len(rows)
        )  # fmt: skip


def _lock(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "entry__round__kind", "entry__household__dwelling__place", "entry__person"
    )
    return rows.get(pk=proposal.pk)


def _take_in(proposal: Proposal, by: User, at: datetime) -> UUID:
    entry, propose = proposal.entry, rule_of(proposal)["propose"]
    by_phone = entry.round.kind is not None and entry.round.kind.by_phone
    language = get_language() or "zh"
    request, _token = take_in_request(
        request_id=result_id(proposal.pk), community_id=entry.round.community_id, place=place_of(entry), dwelling=None,
        household=entry.household, person=entry.person, category=propose["category"], urgency=propose["urgency"],
        source=Source.PHONE if by_phone else Source.VISIT, verified=Verified.CALL if by_phone else Verified.VISIT,
        title=heading_of(proposal, language), words=_words(proposal, language), by=by, at=at,
    )  # fmt: skip
    return request.pk


def _words(proposal: Proposal, language: str) -> str:
    """What was asked and answered, a line each."""
    return "\n".join(f"{question} {answer}" for question, answer in spoken_answers(proposal, language))


def _set_flag(proposal: Proposal, by: User, at: datetime) -> UUID:
    entry, propose = proposal.entry, rule_of(proposal)["propose"]
    if entry.household is None:
        raise Refusal(
            "flag-of-nobody",
            _("A care flag is of people, and this is a place. Decline it, or ask for help there."),
        )
    flag = add_flag(
        household=entry.household, person=entry.person, kind=propose["flag"], source=entry.round.name,
        note=said(propose.get("note"), get_language() or "zh"), by=by, at=at,
    )  # fmt: skip
    return flag.pk


BEGINNING: Mapping[str, Callable[[Proposal, User, datetime], UUID]] = {
    Proposed.REQUEST: _take_in,
    Proposed.FLAG: _set_flag,
}
