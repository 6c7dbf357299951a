"""The elder mode, measured in a browser: letters, lines, targets and choices of every page behind a door code."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.busy import busy_community
from tests.journeys.conftest import PHONE
from tests.journeys.test_every_page import door_pages
from tests.journeys.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LETTERS_PX, TARGET_PX, LINE, CHOICES = 21, 60, 1.3, 6
# Text that somebody sees: the element that holds it, its size, its line's height (a number; "normal" counts as 1.2).
SMALL = """limits => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement;
    if (!text || !e.checkVisibility() || e.closest('.sr, .skip, script, style, option, svg')) continue;
    const look = getComputedStyle(e), size = parseFloat(look.fontSize);
    const line = look.lineHeight === 'normal' ? 1.2 : parseFloat(look.lineHeight) / size;
    if (size < limits[0] - .01) found.push(`${size} px: ${text.slice(0, 30)}`);
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    if (range.getClientRects().length > 1 && line < limits[1]) found.push(`line of ${line}: ${text.slice(0, 30)}`);
  }
  return found;
}"""
# What is pressed: buttons, links that stand alone (a link inside a sentence is exempt, WCAG 2.5.8), fields, choices.
LOW = """least => [...document.querySelectorAll('button, summary, input:not([type=hidden]), select, textarea, a[href]')]
  .filter(e => e.checkVisibility() && !e.matches('.skip, .sr') && !e.closest('.sr'))
  .filter(e => !(e.matches('a') && e.closest('p, dd, li:not(:has(> a:only-child))')
    && getComputedStyle(e).display === 'inline'))
  .map(e => { const label = e.matches('[type=radio], [type=checkbox]') && e.closest('label');
    const box = (label || e).getBoundingClientRect();
    return [Math.round(box.height), (label || e).textContent.trim().slice(0, 30) || e.name]; })
  .filter(([height]) => height > 0 && height < least).map(([height, text]) => `${height} px high: ${text}`)"""
CHOICE = "document.querySelectorAll('main a.big, main button.big, main .btn-big').length"


def faults_of(resident: Visitor) -> list[str]:
    """What is too small, too tight, too low, or too much on the page that is open."""
    found = resident.page.evaluate(SMALL, [LETTERS_PX, LINE]) + resident.page.evaluate(LOW, TARGET_PX)
    choices = resident.page.evaluate(CHOICE)
    return found + ([f"{choices} large choices"] if choices > CHOICES else [])


def test_the_elder_mode_is_as_large_as_it_says(visit: Any) -> None:
    resident = visit(size=PHONE)
    found = []
    for path in door_pages(busy_community()):
        if "mode=elder" in path:
            resident.go(path)
            assert resident.page.locator("[data-mode=elder]").count(), path
            found += [f"{path.split('/')[-2]}: {fault}" for fault in faults_of(resident)]
    assert found == [], "\n".join(found)


def test_the_measure_finds_what_is_small(visit: Any) -> None:
    resident = visit(size=PHONE)
    path = next(path for path in door_pages(busy_community()) if "mode=elder" in path)
    resident.go(path)
    resident.page.evaluate("""() => {
      const small = document.createElement('button');
      small.textContent = '小字'.repeat(40);
      small.style.cssText = 'all: unset; font-size: 16px; line-height: 1.1';
      document.querySelector('main').append(small, document.createElement('button'));
      document.querySelector('main').lastChild.textContent = '低';
      document.querySelector('main').lastChild.style.height = '30px';
    }""")
    faults = " ".join(faults_of(resident))
    assert "16 px: 小字" in faults and "line of 1.1" in faults and "30 px high: 低" in faults
