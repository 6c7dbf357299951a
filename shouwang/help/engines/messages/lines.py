"""Shopping lines out of running text: name + number + unit, or number + unit + name.

Pieces are cut at punctuation first; a piece may hold several lines (土豆5斤辣椒3斤), correct the one
before it (不对，3斤), take one back (土豆不要了) or say how a thing should be (不要换别的牌子).
"""

from __future__ import annotations

import re
from itertools import pairwise

from shouwang.help.engines.messages import line_patterns as say
from shouwang.help.engines.messages.goods import ORIGINS, is_goods
from shouwang.help.engines.messages.line_list import LineList, without_counting
from shouwang.help.engines.messages.names import BRACKET, is_possible, read_name, strip_lead, strip_trail
from shouwang.help.engines.messages.quantities import Quantity, find_quantities, read_bare
from shouwang.help.engines.messages.shape import Line
from shouwang.help.engines.messages.text import short

LONGEST_PIECE = 800  # characters; no spoken clause is longer


class LineReader(LineList):
    """Reads one household's text piece by piece; keeps the lines and what was unclear."""

    def __init__(self, text: str, headline: str | None = None) -> None:
        super().__init__()
        self.headline = headline
        self._brackets: list[str] = []
        for sentence in re.split(r"(?<=[。;!?\n])", self._prepare(text)):
            self._read_sentence(sentence)
        self._settle_told(text)

    def _prepare(self, text: str) -> str:
        def keep(match: re.Match[str]) -> str:
            if len(self._brackets) >= 250:
                return ","
            self._brackets.append(match[1].strip())
            return chr(0xE000 + len(self._brackets) - 1)

        text = without_counting(re.sub("[\ue000-\ue1ff]", "", text))
        text = say.IF_ANY.sub(" ", text)
        text = re.sub(r"(?<=不要了)(?=改|换)|(?<=不要)(?=改成|换成)", ",", text)
        text = say.SPOKEN_CUT.sub(",", say.ALIKE.sub("各", say.ONE_OF.sub("一", text)))
        return say.JOINED.sub(" ", say.PARENS.sub(keep, say.NUMBERING.sub(" ", text)))

    def _read_sentence(self, sentence: str) -> None:
        for piece in say.CUT.split(sentence):
            piece = piece.strip()
            if len(piece) > LONGEST_PIECE:
                self.unsure.append(f"“{short(piece)}”太长，只读了前面一段")
                piece = piece[:LONGEST_PIECE]
            if not piece or (say.PLEASE_ONLY.match(piece) and not say.WANT.search(piece[1:])):
                continue
            if say.OFFERED.search(piece) or (
                say.HAD.search(piece) and not re.search(r"再|还要|需要|帮.*买|想买|补", piece)
            ):
                self._say_had(piece)
                continue
            self._read_piece(piece)

    def _say_had(self, piece: str) -> None:
        named = [q.said for q in find_quantities(piece)]
        if named and not re.search(r"吃了|喝了|吞|服", piece):
            self.unsure.append(f"“{short(self._said(piece))}”里有数量，但不像是要买，没有记成清单")

    def _read_piece(self, piece: str) -> None:
        if self._take_back(piece):
            return
        if self.lines and say.NOT_SO_MANY.match(piece):
            self._correcting = True
            return
        mark = say.MARK.match(piece)
        if mark and (self.lines or mark.end() == len(piece)):
            self._correcting = True
            piece = piece[mark.end() :].strip()
            if not piece:
                return
        quantities = find_quantities(piece)
        if quantities:
            self._read_quantities(piece, quantities)
            self._correcting = False
        elif not self._read_bare(piece):
            self._read_words(piece)

    # -- pieces with quantities ------------------------------------------------

    def _read_quantities(self, piece: str, found: list[Quantity]) -> None:
        head = piece[: found[0].start]
        left = say.LEFT_OVER.match(head.strip())
        if left and is_goods(read_name(left["name"]).name):
            self._tell(read_name(left["name"]).name, [piece[len(left["name"]) :].strip()], "low")
            return
        if re.search(r"(?:只剩|还剩|就剩|剩)(?:下|了)?$", head.strip()):
            return
        if self._is_lead_only(head):
            self._read_number_first(piece, found)
        else:
            self._read_name_first(piece, found, 0)

    def _is_lead_only(self, head: str) -> bool:
        named = read_name(head)
        return not named.name or (
            not is_goods(named.name) and not is_possible(named.name) and bool(say.WANT.search(head))
        )

    def _read_number_first(self, piece: str, found: list[Quantity]) -> None:
        after = [piece[q.end : n.start] for q, n in pairwise(found)]
        after.append(piece[found[-1].end :])
        if not any(read_name(text).name for text in after):
            self._apply_alone(found[0], self._said(piece), read_name(piece[found[0].end :]).notes)
            return
        if len(found) > 1 and found[0].is_measure and not read_name(after[-1]).name:
            self._read_name_first(piece, found[1:], found[0].end, [found[0].said.removesuffix("的")])
            return
        carried: list[Quantity] = []
        for quantity, text in zip(found, after, strict=True):
            named = read_name(text)
            if not named.name:
                carried.append(quantity)
                continue
            if carried and quantity.is_measure and not carried[-1].is_measure:
                carried[-1], quantity = quantity, carried[-1]
            self._add_named(
                text, named.name, quantity, [q.said.removesuffix("的") for q in carried] + named.notes
            )
            carried = []
            for extra in named.before:
                self._add(extra, None, None, [])

    def _read_name_first(
        self, piece: str, found: list[Quantity], start: int, notes: list[str] | None = None
    ) -> None:
        current: Line | None = None
        for place, quantity in enumerate(found):
            raw = piece[start : quantity.start]
            start = quantity.end
            current = self._next_line(raw, quantity, current, notes if place == 0 else None)
        self._read_tail(piece[start:], current)

    def _next_line(
        self, raw: str, quantity: Quantity, current: Line | None, notes: list[str] | None
    ) -> Line | None:
        bare = BRACKET.sub("", raw).strip()
        if current and re.fullmatch(r"[,\s]*(?:不是|不要)", bare):
            return current
        if current and say.BETWEEN.match(bare):
            current.quantity, current.unit = quantity.amount, quantity.unit
            return current
        bare = self._take_bare_before(bare)
        named = read_name(say.NEGATED.sub("", bare))
        if say.TURNED.search(bare):
            bare = say.TURNED.sub("", bare)
            named = read_name(bare)
            self._correcting = self._has(named.name)
        if not named.name:
            if current and re.search(r"(?:要|来|买|拿)$", bare):
                current.notes.append(f"{current.quantity or ''}{current.unit or ''}")
                current.quantity, current.unit = quantity.amount, quantity.unit
            elif current:
                self._second_quantity(current, quantity)
            self._take_brackets(raw, current)
            return current
        for extra in named.before:
            self._add(extra, None, None, [])
        for word in named.dropped:
            self._drop(word)
        if bare.endswith("各"):
            return self._add_each(named.name, quantity.amount, quantity.unit)
        return self._add_named(raw, named.name, quantity, (notes or []) + named.notes) or current

    def _take_bare_before(self, raw: str) -> str:
        """Lines without a unit run into the next name: 猪肉5儿童洗衣液1瓶."""
        for match in re.finditer(r"([\u4e00-\u9fff]{1,8})(\d{1,3})(?=\s?[\u4e00-\u9fff]{2})", raw):
            named, rest = read_name(match[1]), read_name(raw[match.end() :])
            if is_goods(named.name) and is_possible(named.name) and is_goods(rest.name):
                self._say_no_unit(self._add(named.name, match[2], None, named.notes))
                raw = raw[match.end() :]
        return raw

    def _read_tail(self, tail: str, current: Line | None) -> None:
        self._take_brackets(tail, current)
        bare = BRACKET.sub("", tail).strip()
        mark = re.match(r"^(?:不要了|取消|不用了)", bare)
        if mark and current:
            current.quantity = "0"
            return
        bare = strip_trail(bare)
        if not bare:
            return
        for word in bare.split(" "):
            name = strip_trail(strip_lead(word))
            if self._take_back(word) or re.fullmatch(
                r"(?:家庭|收货)?(?:地址|住址|门牌号?|房号|住|家住|我家|我是|在|送到|送至|位置)[:是在]?", word
            ):
                continue
            if not name or say.PLEASE_ONLY.match(word):
                continue
            if re.search(r"不对|错了|更正", word):
                self._correcting = True
            elif (
                is_goods(name) and is_possible(name) and not name.endswith("的") and not say.NOTE.search(word)
            ):
                named = read_name(name)
                self._add(named.name, None, None, named.notes)
            elif current and (say.NOTE.search(word) or (len(word) <= 8 and is_possible(name))):
                current.notes.append(word)
            else:
                self._drop(word)

    # -- pieces without a unit -------------------------------------------------

    def _read_bare(self, piece: str) -> bool:
        number = read_bare(piece.lstrip("要是 "))
        if number is not None:
            if self._correcting and self.lines:
                self.lines[-1].quantity = number
                self._correcting = False
            elif self.lines and self.lines[-1].quantity is None:
                self.lines[-1].quantity = number
                self._say_no_unit(self.lines[-1])
            return True
        each = re.fullmatch(
            r"(?P<name>[\u4e00-\u9fff]{1,14}?)各(?:要|来|买)?(?P<n>\d{1,3})", BRACKET.sub("", piece).strip()
        )
        if each and is_goods(read_name(each["name"]).name):
            if line := self._add_each(read_name(each["name"]).name, each["n"], None):
                self._say_no_unit(line)
            return True
        added = False
        for match in say.BARE_LIST.finditer(BRACKET.sub("", piece)):
            named = read_name(match["name"])
            if is_goods(named.name) and is_possible(named.name):
                line = self._add(named.name, match["n"], None, named.notes)
                self._say_no_unit(line)
                added = True
        return added

    def _read_words(self, piece: str) -> None:
        bare = BRACKET.sub("", piece).strip()
        last = self.lines[-1] if self.lines else None
        if self._read_note(piece, bare, last) or self._read_running_out(bare):
            return
        gone = say.OUT_OF.match(bare)
        if gone:
            for part in re.split(r"[和跟与]", gone["name"]):
                named = read_name(part)
                if is_goods(named.name) and is_possible(named.name) and not self._has(named.name):
                    self._tell(named.name, named.notes, "gone")
            return
        if re.search(r"不用|不需要|不必|先不", bare):
            return
        wants = bool(say.WANT.search(bare)) or bool(self.lines)
        for word in re.split(r"[和跟与]|\s", bare):
            self._read_word(word, piece, wants)

    def _read_note(self, piece: str, bare: str, last: Line | None) -> bool:
        """A wish about the line before, or one named in it; False when the words are something else."""
        if self._read_note_for_one(bare):
            return True
        if not last or (say.AS_YOU_LIKE.match(bare) and self._read_running_out(bare)):
            return bool(last)
        names_a_thing = is_goods(strip_lead(bare)) and not re.search(
            r"\d{2,4}年|^(?:别|不要)[拿买送给][成错]", bare
        )
        wish = say.NOTE.search(bare) and len(bare) <= 24 and not names_a_thing
        if not (wish or bare in ORIGINS or say.OWN_SPEC.fullmatch(bare)):
            return False
        last.notes.append(bare)
        self._take_brackets(piece, last)
        return True

    def _read_note_for_one(self, bare: str) -> bool:
        """牛奶要伊利的: a wish about a line already there."""
        match = say.FOR_ONE.match(bare)
        line = match and next((x for x in self.lines if x.name == read_name(match["name"]).name), None)
        if not match or not line:
            return False
        line.notes.append(match["note"])
        self.lines.remove(line)
        self.lines.append(line)
        return True

    def _read_running_out(self, bare: str) -> bool:
        """奶粉只够今天一顿了: wanted, how much is not said."""
        match = say.RUNNING_OUT.match(bare) or say.AS_YOU_LIKE.match(bare)
        named = read_name(match["name"]) if match else None
        if (
            not match
            or not named
            or not is_goods(named.name)
            or not is_possible(named.name)
            or self._has(named.name)
        ):
            return False
        notes = [*named.notes, match["note"]]
        if match.re is say.AS_YOU_LIKE:
            self._add(named.name, None, None, notes)
        else:
            self._tell(named.name, notes, "low")
        return True

    def _read_word(self, word: str, piece: str, wants: bool) -> None:
        named = read_name(word)
        name = named.name
        if not (is_goods(name) and is_possible(name) and len(name) <= 10):
            return
        asked = (
            bool(re.search(r"买|要|需|缺|配|带|捎|订|借|购|求", word)) or strip_lead(word) == word or wants
        )
        if asked and not self._has(name):
            line = self._add(name, None, None, named.notes)
            self._take_brackets(piece, line)

    # -- taking back, keeping --------------------------------------------------

    def _take_back(self, piece: str) -> bool:
        if say.IF_NOT.search(piece):
            if self.lines and len(piece) <= 24:
                self.lines[-1].notes.append(BRACKET.sub("", piece))
            return True
        whole = BRACKET.sub("", piece).strip()
        bare = strip_trail(whole) or whole
        match = (
            say.BACK_AFTER.match(piece.strip()) or say.BACK_AFTER.match(bare) or say.BACK_BEFORE.match(bare)
        )
        if not match:
            return False
        if self._read_which(match["name"], whole):
            return True
        names = [read_name(part) for part in re.split(r"[和跟与]", match["name"])]
        said = [say.COUNTED.sub("", n.name).strip() for n in names]
        if all(
            re.fullmatch(r"全部?|都|全都|菜|东西|什么|这些|那些|所有的?", s or "都") for s in said
        ) and re.search(r"全|都|东西|所有|这些|那些", piece):
            self.unsure.append(f"“{short(self._said(piece))}”：要退掉哪些，请问清楚")
            return True
        firm = re.search(r"不要了|取消|退掉|去掉|不买了", piece)
        if not all(
            self._has(s)
            or (is_possible(s) and s not in say.GENERIC and (is_goods(s) or (firm and 2 <= len(s) <= 8)))
            for s in said
        ):
            return False
        for name in said:
            self._set_zero(name)
        return True

    def _add_named(self, raw: str, name: str, quantity: Quantity, notes: list[str]) -> Line | None:
        if not is_possible(name):
            self.unsure.append(f"“{short(name + quantity.said)}”没有看懂")
            return None
        notes = list(notes)
        if quantity.size:
            notes.append(f"{quantity.size}{quantity.unit}")
        if quantity.amount is None:
            notes.append(quantity.said)
            self.unsure.append(f"“{name}{quantity.said}”数量不确定，请问清楚")
            line = self._add(name, None, quantity.unit, notes)
        else:
            line = self._add(name, quantity.amount, quantity.unit, notes)
        self._take_brackets(raw, line)
        return line

    def _take_brackets(self, raw: str, line: Line | None) -> None:
        for mark in BRACKET.findall(raw):
            said = self._brackets[ord(mark) - 0xE000]
            if line is None:
                continue
            alone = find_quantities(said)
            if line.quantity is None and len(alone) == 1 and alone[0].said == said and alone[0].amount:
                line.quantity, line.unit = alone[0].amount, alone[0].unit
            else:
                line.notes.append(said)

    def _said(self, piece: str) -> str:
        return BRACKET.sub(lambda m: f"({self._brackets[ord(m[0]) - 0xE000]})", piece)

    def _drop(self, word: str) -> None:
        if len(word) > 1 and self.lines and not say.WANT.search(word):
            self.unsure.append(f"“{short(word)}”没有看懂")


def read_lines(text: str, headline: str | None = None) -> tuple[list[Line], list[str]]:
    """The lines that `text` asks for and, in words, what a person should look at.

    `headline` is the one thing that a sign-up chain is about, for entries that say only '2份'.
    """
    reader = LineReader(text, headline)
    said = [line for line in reader.lines if line.name in text or line.name == headline]
    reader.unsure.extend(f"“{short(line.name)}”没有看懂" for line in reader.lines if line not in said)
    vague = [
        line
        for line in said
        if (line.name in say.GENERIC or line.name.endswith("的药")) and line.quantity is None
    ]
    lines = [line for line in said if line not in vague]
    if vague and not lines:
        reader.unsure.append(f"要{vague[0].name}，但没写具体要什么、要多少")
    return lines, reader.unsure
