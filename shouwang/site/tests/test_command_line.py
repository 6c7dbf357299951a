"""The command line as people and scripts use it: names, help with an example, one line and exit 2."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from shouwang.accounts import services as accounts
from shouwang.accounts.models import ApiToken, User
from shouwang.core.actors import OPERATOR
from shouwang.places.models import Place, Post
from shouwang.site import cli

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Runs `shouwang` with these words and standard input; answers (exit code, output, lines of errors)."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("SHOUWANG_DEMO", "SHOUWANG_BASE_URL"):  # `demo` sets them for its process, which is this one
        monkeypatch.setenv(name, "")
    # The command ends by closing its connections; here the test's transaction lives in one of them.
    monkeypatch.setattr("django.db.utils.ConnectionHandler.close_all", lambda self: None)

    def run(*words: str, typed: str = "") -> tuple[int, str, list[str]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
        code = cli.run(["shouwang", *words])
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return run


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",), ("help",)])
def test_without_a_command_they_are_listed(run, words: tuple[str, ...]) -> None:
    code, out, _errors = run(*words)
    assert code == 0
    for name in ("serve", "clock", "worker", "demo", "token", "community", "import-register", "export-register",
                 "read-message", "assign", "plan batches", "plan runs", "check"):  # fmt: skip
        assert f"\n  {name} " in out


@pytest.mark.parametrize("entry", cli.COMMANDS, ids=lambda entry: entry.name)
def test_every_command_has_help_with_an_example(run, entry: cli.Entry) -> None:
    code, out, errors = run(*entry.name.split(), "--help")
    assert (code, errors) == (0, [])
    assert f"usage: shouwang {entry.name}" in out
    assert f"Example:\n  {'PORT=8080 ' if entry.name == 'demo' else ''}" in out
    assert f"shouwang {entry.name}" in out.split("Example:")[1]


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("plan",),
        ("plan", "batches", "no-such-file.json"),
        ("plan", "batches"),
        ("plan", "everything"),
        ("plan", "runs", "no-such-file.json"),
        ("plan", "runs"),
        ("plan", "runs", "no-such-file.json", "--seconds", "0"),
        ("plan", "runs", "no-such-file.json", "--iterations", "0"),
        ("plan", "runs", "no-such-file.json", "--seed", "-1"),
        ("plan", "rota", "x.json"),
        ("token",),
        ("token", "create", "--for", "nobody", "--scope", "read"),
        ("token", "create", "--for", "chen", "--scope", "all"),
        ("community", "create"),
        ("community", "create", "x", "--name", "X", "--secretary", "nobody"),
        ("user", "password", "nobody"),
        ("serve", "--port", "0"),
        ("serve", "--port", "http"),
        ("demo", "--host", "0.0.0.0"),
        ("assign", "no-such-file.json"),
        ("check", "--loudly"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_used_is_said_in_one_line(run, settings, words: tuple[str, ...]) -> None:
    settings.SHOUWANG_DEMO = words[0] == "demo"
    code, out, errors = run(*words)
    assert (code, out, len(errors)) == (2, "", 1)


def test_plans_of_later_say_what_they_come_with(run) -> None:
    assert "the rota" in run("plan", "rota", "x.json")[2][0]


@pytest.fixture
def chen() -> User:
    return accounts.create_user(username="chen", name="陈书记", password=None, by=OPERATOR)


@pytest.mark.parametrize("scope", ["read", "write"])
def test_token_is_written_alone_and_works(run, chen: User, scope: str) -> None:
    code, out, _errors = run("token", "create", "--for", "chen", "--scope", scope)
    token = ApiToken.objects.get()
    assert (code, token.reach, token.user) == (0, scope, chen)
    assert token.digest == ApiToken.digest_of(out.strip())


def test_account_is_opened_its_password_set_and_closed(run) -> None:
    assert run("user", "create", "lin", "--name", "林", typed="willow-kettle-42\n")[0] == 0
    user = User.objects.get(username="lin")
    assert user.check_password("willow-kettle-42")
    assert run("user", "password", "lin", typed="maple-drum-77\n")[0] == 0
    user.refresh_from_db()
    assert user.check_password("maple-drum-77")
    assert run("user", "end", "lin")[0] == 0
    user.refresh_from_db()
    assert not user.is_active


def test_weak_password_opens_no_account(run) -> None:
    code, _out, errors = run("user", "create", "lin", "--name", "林", typed="short\n")
    assert (code, len(errors)) == (2, 1)
    assert not User.objects.exists()


def test_community_is_made_with_its_secretary(run, chen: User) -> None:
    code, out, _errors = run("community", "create", "jinxiu", "--name", "锦绣社区", "--secretary", "chen")
    community = Place.objects.get(code="jinxiu")
    assert (code, out.strip()) == (0, str(community.pk))
    assert Post.objects.get().holder == chen
    assert run("community", "create", "jinxiu", "--name", "再来")[0] == 2


def test_message_is_read_into_drafts(run) -> None:
    code, out, errors = run("read-message", "--json", typed="3号楼2单元501 土豆5斤")
    part = json.loads(out)["parts"][0]
    assert (code, errors) == (0, [])
    assert part["household"] == {"building": "3", "stairwell": "2", "door": "501"}
    assert part["lines"][0]["quantity"] == "5"
    assert "3-2-501" in run("read-message", typed="3号楼2单元501 土豆5斤")[1]


def test_assignment_is_written_as_json(run, tmp_path: Path) -> None:
    volunteer = {"id": "v", "place": [3, 4], "skills": [], "carries_kg": 10, "free": 1, "load": 0}
    asked = {"id": "r", "place": [0, 0], "needs": [], "weight_kg": 2, "urgency": "life", "continuity": None}
    file = tmp_path / "evening.json"
    file.write_text(json.dumps({"requests": [asked], "volunteers": [volunteer]}))
    answer = json.loads(run("assign", str(file))[1])
    assert [(one["request"], one["volunteer"], one["cost"]) for one in answer["assigned"]] == [("r", "v", 7)]


@pytest.mark.parametrize(
    "text", ["", "[", "[]", '{"requests": 3}', '{"requests": [{}], "volunteers": []}', "\xff"]
)
def test_unusable_files_are_refused(run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "evening.json"
    file.write_bytes(text.encode("latin-1"))
    code, out, errors = run("assign", str(file))
    assert (code, out, len(errors)) == (2, "", 1)


def test_promise_is_checked_as_words_and_as_json(run) -> None:
    code, out, _errors = run("check")
    assert code == 0
    assert all(line.startswith("✓") for line in out.splitlines())
    told = json.loads(run("check", "--json")[1])
    assert told["holds"] is True
    assert set(told["invariants"][0]) == {"id", "holds", "counted", "broken", "examples"}


def test_broken_promise_exits_with_one(run, monkeypatch: pytest.MonkeyPatch) -> None:
    from shouwang.core.ids import uuid7
    from shouwang.core.registry import Finding, Invariant, Registry

    missed = uuid7()
    broken: Registry[Invariant] = Registry("invariants")
    broken.add(
        Invariant("help.request.owned", "Everybody is answered", lambda at, here: Finding(3, [missed]))
    )
    monkeypatch.setattr("shouwang.core.checks.invariants", broken)
    code, out, _errors = run("check")
    assert code == 1
    assert "(1 of 3)" in out
    assert str(missed) in out


@pytest.mark.parametrize(
    "command", ["serve", "clock", "worker", "check", "token create --for x --scope read"]
)
def test_nothing_runs_on_a_database_of_another_version(
    run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("shouwang.core.command_line.missing_migrations", lambda: ["help.0002_more"])
    code, _out, errors = run(*command.split())
    assert code == 2
    assert "shouwang migrate" in errors[0]


def test_the_terminals_language_is_spoken(run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("user", "end", "nobody")[2]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert said == ["Nobody signs in as nobody."]
    assert cli._language() == "zh-hans"
