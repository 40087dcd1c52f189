"""What lies where, who imports whom, and what must not lie here at all."""

import ast
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from eventsourcing.persistence import ApplicationRecorder

from domain.events.registry import FACTS
from domain.journal import Journal

ROOT = Path(__file__).parents[2]
ROOMS = ("consumers", "domain", "infra", "kette", "projections", "schemas", "web")
PROGRAM = ROOT / "verify" / "kette_verify.py"  # an auditor's, and no room: it stands alone
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())


def tracked() -> list[Path]:
    """Return the files that the repository holds, or would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_found_inside_the_repository(room: str) -> None:
    found = import_module(room).__file__
    assert found is not None
    assert Path(found).parent == ROOT / room


def test_the_architecture_knows_every_top_level_package() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"bench"} == set(ROOMS)
    assert set(CONFIG["tool"]["importlinter"]["root_packages"]) == set(ROOMS)
    assert set(CONFIG["tool"]["mypy"]["files"]) >= set(ROOMS)


@pytest.mark.parametrize("room", ["domain", "projections", "schemas", "consumers", "web"])
def test_no_clock_and_no_random_ids_below_the_front_door(room: str) -> None:
    for path in modules(room):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = ast.unparse(node.func)
                assert called not in {
                    "date.today",
                    "datetime.now",
                    "datetime.today",
                    "time.time",
                    "uuid.uuid4",
                }, f"{path.relative_to(ROOT)} calls {called}"


def test_every_module_opens_by_saying_why_it_exists() -> None:
    for room in ROOMS:
        for path in modules(room):
            assert ast.get_docstring(ast.parse(path.read_text())), path.relative_to(ROOT)


def test_the_auditors_program_is_one_file_that_needs_nothing_of_kette() -> None:
    assert [path.name for path in modules("verify")] == [PROGRAM.name]
    own = {one.split(".")[0] for one in imports(PROGRAM)}
    assert own - set(sys.stdlib_module_names) == {"cryptography"}
    assert ast.get_docstring(ast.parse(PROGRAM.read_text()))
    assert PROGRAM.parent.name in CONFIG["tool"]["mypy"]["files"]
    assert PROGRAM.parent.name in CONFIG["tool"]["vulture"]["paths"]
    assert (
        PROGRAM.parent.name not in CONFIG["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    )


def test_the_second_verifier_stays_short() -> None:
    text = (ROOT / "tests" / "verify" / "verify.mjs").read_text("utf-8")
    assert len(text.splitlines()) <= 150


def test_every_module_is_a_walk_and_no_more() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for room in ROOMS
        for path in modules(room)
        if (length := len(path.read_text().splitlines())) > 480
    }
    assert long == {}


def test_the_recorder_that_passes_the_contract_is_the_one_that_is_appended_through() -> None:
    journal = import_module("infra.journal").JournalRecorder
    assert issubclass(journal, ApplicationRecorder)
    for name in ("append", "answered", "read", "page"):
        assert callable(getattr(journal, name))
        assert hasattr(Journal, name)
    recorders = {
        node.name
        for path in modules("infra")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base) == "ApplicationRecorder" for base in node.bases)
    }
    assert recorders == {"JournalRecorder"}, "one store, and its memory twin wraps the library's"


def test_only_the_registry_collects_facts() -> None:
    assert len(FACTS) > 100
    assert all(fact.__module__.startswith("domain.events.") for fact in FACTS.values())


def test_the_population_is_written_without_the_chain() -> None:
    for path in modules("infra/population"):
        assert not {one for one in imports(path) if one.startswith("domain.chain")}, path


def test_nothing_lies_here_that_a_package_brings() -> None:
    names = {path.name for path in tracked()}
    assert "uv.lock" not in names
    assert not {name for name in names if name.startswith(("kern.", "htmx."))}
    assert not [path for path in tracked() if "node_modules" in path.parts]


def test_nothing_names_a_registry_host_or_a_place_on_a_machine() -> None:
    hosts = ("files." + "pythonhosted", "registry." + "npmjs", "pypi." + "org", "repo1." + "maven")
    places = ("/work" + "/main", "/root" + "/", "/home" + "/")
    for path in tracked():
        if path.suffix in {".png", ".xlsx", ".woff2"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for word in hosts + places:
            assert word not in text, f"{path.relative_to(ROOT)} names {word}"


def test_every_dependency_is_pinned_with_a_hash() -> None:
    locks = sorted(path.name for path in ROOT.glob("requirements*.lock"))
    assert len(locks) == 5
    for name in locks:
        lines = (ROOT / name).read_text().splitlines()
        pinned = [line for line in lines if "==" in line and not line.lstrip().startswith("#")]
        assert pinned
        assert all(line.endswith("\\") for line in pinned), name
