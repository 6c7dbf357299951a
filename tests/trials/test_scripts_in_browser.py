"""Scripts in every field, opened in a real browser: none runs, and the policy has nothing to block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.world import small_community
from tests.trials.record import record_trial
from tests.trials.scripts import payloads, write_everywhere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT_ONCE = 50
WATCH = """() => { window.blocked = []; window.ran = 0; window.alert = () => { window.ran += 1 };
  document.addEventListener('securitypolicyviolation', e => window.blocked.push(e.violatedDirective)) }"""


def test_a_browser_runs_none_of_them(visit: Callable[..., Any]) -> None:
    world = small_community()
    texts = payloads(AT_ONCE)
    write_everywhere(texts)
    desk = visit(world.people["alice"])
    desk.context.add_init_script(f"({WATCH})()")
    household = world.doors["8-2-501"].households.get()
    pages = (
        "/desk/",
        "/desk/wall/",
        "/people/",
        f"/desk/households/{household.pk}/",
        "/help/directory/",
        "/incidents/",
    )
    failed = 0
    for address in pages:
        desk.go(address)
        desk.page.wait_for_load_state()
        failed += desk.page.evaluate("window.ran + window.blocked.length")
        assert desk.page.evaluate("document.body.innerText.includes('alert(1)')") or address == "/incidents/"
    record_trial(
        22, trials=len(pages), failed=failed, what="pages with scripts in every field, opened in Chromium"
    )
    assert failed == 0
