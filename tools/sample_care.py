"""Care in the sample of zone C: how many of each, whom it fits, and how an office writes it."""

from __future__ import annotations

from sample_people import Person, Population

_WORDS = {
    "lives_alone": ["独居", "独居老人"],
    "couple_alone": ["双独居"],
    "empty_nest": ["空巢", "空巢老人"],
    "no_kin": ["孤寡老人"],
    "disabled": ["残疾", "残疾人"],
    "chronic_illness": ["慢性病", "慢病"],
    "needs_care": ["失能", "卧床"],
    "dementia": ["失智"],
    "walks_badly": ["行动不便", "腿脚不便"],
    "dialysis": ["透析"],
    "oxygen": ["吸氧"],
    "pregnant": ["孕妇"],
    "postpartum": ["产妇"],
    "infant": ["婴儿"],
    "dibao": ["低保", "低保户"],
    "tekun": ["特困"],
    "bereaved": ["计生特殊家庭"],
    "no_phone": ["无手机"],
}
_COUNTS = {
    "lives_alone": 44,
    "couple_alone": 36,
    "empty_nest": 40,
    "no_kin": 4,
    "disabled": 38,
    "chronic_illness": 172,
    "needs_care": 10,
    "dementia": 7,
    "walks_badly": 30,
    "dialysis": 4,
    "oxygen": 5,
    "pregnant": 9,
    "postpartum": 6,
    "dibao": 22,
    "tekun": 3,
    "bereaved": 4,
    "no_phone": 14,
}
_MARRIED_IN = {"配偶", "妻子", "妻"}


def mark_care(population: Population, families: list[list[Person]]) -> None:
    """Marks people of these households, each flag as often as _COUNTS says where enough people fit."""
    draw = population.random
    everybody = [person for family in families for person in family]
    fits = {
        "lives_alone": [h[0] for h in families if len(h) == 1 and h[0].age(population.day) >= 65],
        "couple_alone": [
            h[0] for h in families if len(h) == 2 and min(p.age(population.day) for p in h) >= 70
        ],
        "empty_nest": [
            h[0] for h in families if len(h) == 2 and 60 <= min(p.age(population.day) for p in h) < 70
        ],
        "pregnant": [p for p in everybody if p.relation in _MARRIED_IN and 23 <= p.age(population.day) <= 38],
        "old": [p for p in everybody if p.age(population.day) >= 72],
        "grown": [p for p in everybody if p.age(population.day) >= 45],
    }
    fits["postpartum"] = fits["pregnant"]
    fits["no_kin"] = fits["lives_alone"]
    aged = {"needs_care", "dementia", "walks_badly", "oxygen", "no_phone"}
    for code, count in _COUNTS.items():
        pool = fits.get(code, fits["old"] if code in aged else fits["grown"])
        pool = [p for p in pool if not (code == "postpartum" and "pregnant" in p.flags)]
        for person in draw.sample(pool, min(count, len(pool))):
            mark(person, [code], [draw.choice(_WORDS[code])])
    for person in (p for p in everybody if p.age(population.day) < 1):
        mark(person, ["infant"], ["婴儿"])
    for person in draw.sample([p for p in fits["grown"] if not p.special], 28):
        person.remarks.append("党员")


def mark(person: Person, flags: list[str], special: list[str], remarks: list[str] | None = None) -> None:
    """Gives somebody flags, and what stands for them under 特殊情况 and 备注."""
    person.flags += [flag for flag in flags if flag not in person.flags]
    person.special += special
    person.remarks += remarks or []
