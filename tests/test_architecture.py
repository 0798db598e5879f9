"""The rules of the house, as tests: who may import whom, how big a room may grow, who may come in.

A rule that stands in the way of a better form may change: here, and in docs/, in one commit with the reason.
"""

import ast
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from portal import create_app
from portal.access import ANYONE, OPERATOR, ROUTES, SIGNED_IN, TICKET
from portal.kernel.commands import COMMANDS
from portal.kernel.policy import RULES
from portal.web.responses import fragment_id

TOP = Path(__file__).parent.parent
MODULES = sorted((TOP / "portal").rglob("*.py"))
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))
CODE = [
    *MODULES,
    *(
        p
        for folder in ("tests", "bin", "benchmarks", "migrations")
        for p in sorted((TOP / folder).rglob("*.py"))
    ),
    *(p for folder in ("css", "js") for p in sorted((TOP / "static" / folder).iterdir())),
]

STOREYS = [
    {"kernel"},
    {"web"},
    {"places"},
    {"accounts"},
    {"dossiers"},
    {"similar"},
    {"ties"},
    {"issues", "petitions", "answers", "sheets", "assistance", "terms", "promises"},
    {"verdicts", "questions", "composer", "together"},
    {"maps", "roundabout", "clusters", "desk", "staff", "notices", "integrity", "printing", "operations"},
    {"mailroom"},
    {"demo", "command_line", "configuration", "settings", "access", "personal", "__init__", "__main__"},
]
"""A package may import itself and what stands on a lower storey, never another one on its own."""
GROUND, TOP_STOREY = {"kernel", "web"}, STOREYS[-1]

ROOMS = {
    "models": 0,
    "words": 0,
    "addresses": 0,
    "passwords": 0,
    "loading": 0,
    "grid": 0,
    "codes": 0,
    "provider": 1,
    "passkeys": 1,
    "features": 1,
    "meaning": 2,
    "ranking": 2,
    "learning": 3,
    "evaluation": 3,
    "columns": 0,
    "timeline": 1,
    "journal": 2,
    "rules": 2,
    "policy": 2,
    "pictures": 3,
    "breadth": 3,
    "conditions": 3,
    "limits": 4,
    "marking": 5,
    "own_data": 4,
    "rows": 3,
    "queries": 4,
    "carrying": 4,
    "questions": 3,
    "guessing": 3,
    "incoming": 3,
    "overlaps": 3,
    "reading": 4,
    "land": 5,
    "commands": 5,
    "facets": 5,
    "texts": 6,
    "forms": 7,
    "delivery": 8,
    "lines": 7,
    "mailing": 10,
    "intake": 8,
    "push": 5,
    "cards": 8,
    "drawing": 8,
    "writing": 9,
    "sharing": 9,
    "panels": 9,
    "guards": 9,
    "views": 10,
    "tasks": 10,
    "listeners": 10,
    "together": 10,
    "door": 10,
    "sums": 5,
}
"""Room -> how far to the right it lies. In its own package a room imports only what lies further left."""
LAYERS = [{0, 1}, {2}, {3, 4, 5}, {6, 7}, {8, 9}, {10}]
"""In another package it may also import its own equals."""
DOMAIN = {"models", "timeline", "journal", "rules", "words", "addresses", "policy", "queries", "commands"}
DOMAIN |= {"own_data", "carrying", "conditions", "limits", "marking", "overlaps"}
REQUEST = {"request", "session", "g", "render_template", "url_for", "redirect", "flash", "abort", "Response"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "services", "service", "managers", "manager", "misc"}
OUTSIDE = {
    *(
        "portal",
        "templates",
        "static",
        "migrations",
        "tests",
        "wsgi.py",
        "pyproject.toml",
        "README.md",
        "LICENSE",
    ),
    *(
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "Makefile",
        "docs",
        "benchmarks",
        "bin",
        "requirements",
        "deploy",
        "var",
        "htmlcov",
    ),
    *("SECURITY.md", "NOTICE.md", "portal.egg-info", "build"),
}
"""What may stand at the top of the tree, beside what begins with a dot."""


def name(path: Path) -> str:
    return str(path.relative_to(TOP))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def imports(path: Path) -> set[str]:
    """Every module that this one imports: `from portal.desk import queries` is portal.desk.queries."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: write the whole name of what is imported"
            found |= {_module(node.module or "", alias.name) for alias in node.names}
    return found


def _module(module: str, imported: str) -> str:
    below = TOP.joinpath(*module.split("."), imported)
    return f"{module}.{imported}" if below.is_dir() or below.with_suffix(".py").exists() else module


def place(module: str) -> tuple[str, str]:
    """portal.dossiers.queries.lists -> (dossiers, queries); portal itself -> (__init__, "")."""
    parts = module.split(".")[1:] or ["__init__"]
    return parts[0], parts[1] if len(parts) > 1 else ""


def storey(package: str) -> int:
    return next(height for height, names in enumerate(STOREYS) if package in names)


def layer(room: str) -> int:
    return next(height for height, ranks in enumerate(LAYERS) if ROOMS[room] in ranks)


def here(path: Path) -> tuple[str, str]:
    """Package and room of a module; ("__init__", "") for those beside create_app."""
    parts = path.relative_to(TOP / "portal").with_suffix("").parts
    package, room = parts[0], parts[1] if len(parts) > 1 else ""
    return package, "" if room == "__init__" else room


def of_each(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test of all these files: it says of each what is wrong with it.

    As a test each they were four thousand, and telling of them took longer than running them.
    """

    def made(test: Callable[[Path], None]) -> Callable[[], None]:
        def of_all() -> None:
            wrong = []
            for path in paths:
                try:
                    test(path)
                except AssertionError as error:
                    wrong.append(f"{name(path)}: {error}")
            assert not wrong, "\n".join(["", *wrong])

        return of_all

    return made


def test_every_package_has_a_storey() -> None:
    assert {here(path)[0] for path in MODULES} <= set().union(*STOREYS)


@of_each(MODULES)
def test_an_arrow_between_packages_points_down(path: Path) -> None:
    package, _ = here(path)
    wrong = []
    for module in imports(path):
        other = place(module)[0]
        if not (module == "portal" or module.startswith("portal.")) or other == package:
            continue
        if storey(other) >= storey(package) and not {package, other} <= TOP_STOREY:
            wrong.append(module)
    assert not wrong, f"{name(path)} imports {wrong}, which does not stand below it"


@of_each(MODULES)
def test_a_room_imports_only_what_lies_to_its_left(path: Path) -> None:
    package, room = here(path)
    if package in GROUND | TOP_STOREY or not room:
        return
    assert room in ROOMS, f"{name(path)}: no room has this name; the names are {', '.join(ROOMS)}"
    wrong = []
    for module in imports(path):
        other, door = place(module)
        if not module.startswith("portal.") or other in GROUND | TOP_STOREY or door not in ROOMS:
            continue
        left = ROOMS[door] < ROOMS[room] or door == room
        if not (left if other == package else layer(door) <= layer(room)):
            wrong.append(module)
    assert not wrong, f"{name(path)} imports {wrong}, which lies to its right"


@of_each([p for p in MODULES if here(p)[1] in {"views", "forms"}])
def test_views_and_forms_never_see_the_database(path: Path) -> None:
    assert not {
        m for m in imports(path) if m.startswith(("portal.kernel.db", "sqlalchemy", "flask_sqlalchemy"))
    }


@of_each([p for p in MODULES if here(p)[1] in DOMAIN and here(p)[0] not in GROUND | TOP_STOREY])
def test_the_domain_knows_no_request(path: Path) -> None:
    known = {m.split(".")[0] for m in imports(path)} & {"flask", "flask_babel", "flask_wtf", "wtforms"}
    assert not known | {m for m in imports(path) if m.startswith("portal.web")}


@of_each([p for p in MODULES if here(p)[0] == "kernel"])
def test_the_kernel_knows_no_request(path: Path) -> None:
    taken = {
        alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
    }
    assert not taken & REQUEST


@of_each(MODULES)
def test_imports_stand_at_the_top(path: Path) -> None:
    inside = {
        node.lineno
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not inside, f"{name(path)} imports inside a function, in lines {sorted(inside)}"


@of_each(CODE)
def test_a_room_stays_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@of_each([p for p in CODE if p.suffix == ".py" and "versions" not in p.parts])
def test_a_function_fits_on_the_screen(path: Path) -> None:
    most = 15 if here_is_views(path) else 40
    long = {function.name: length(function) for function in functions(path) if length(function) > most}
    assert not long, f"{name(path)}: more than {most} lines: {long}"


def here_is_views(path: Path) -> bool:
    return path.is_relative_to(TOP / "portal") and here(path)[1] == "views"


@of_each([p for p in CODE if p.suffix == ".py"])
def test_a_module_has_a_name_that_says_something(path: Path) -> None:
    assert not {path.stem, *path.relative_to(TOP).parts} & VAGUE


def test_nothing_else_stands_at_the_top_of_the_tree() -> None:
    assert {p.name for p in TOP.iterdir() if not p.name.startswith((".", "__"))} <= OUTSIDE


def test_templates_and_tests_mirror_the_packages() -> None:
    packages = {p.name for p in (TOP / "portal").iterdir() if p.is_dir()}
    beside = {"accessibility", "data", "screens", "__pycache__"}
    for mirror, more in (("templates", {"shared"}), ("tests", beside)):
        folders = {p.name for p in (TOP / mirror).iterdir() if p.is_dir() and any(p.glob("*.*"))}
        assert folders <= packages | more, mirror


# Who may do what


def test_every_command_has_a_policy() -> None:
    assert not set(COMMANDS) - set(RULES)


@of_each([p for p in MODULES if p.stem == "policy" and here(p)[0] != "kernel"])
def test_every_permission_has_a_rule(path: Path) -> None:
    permissions = import_module(".".join(path.relative_to(TOP).with_suffix("").parts)).Do
    assert not [do for do in permissions if do not in RULES]
    assert {do.value.partition(".")[0] for do in permissions} == {here(path)[0]}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Endpoint -> methods of everything that answers."""
    rules = create_app(DATA_DIR=str(tmp_path_factory.mktemp("data"))).url_map.iter_rules()
    found: dict[str, set[str]] = {}
    for rule in rules:
        found.setdefault(rule.endpoint, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return found


def test_every_route_stands_in_the_written_list(routes: dict[str, set[str]]) -> None:
    assert not set(routes) - set(ROUTES), "write them into portal/access.py, with who may call them"


def test_everything_in_the_written_list_answers(routes: dict[str, set[str]]) -> None:
    assert not sorted(set(ROUTES) - set(routes)), "in portal/access.py, and no view answers"


def test_a_route_answers_to_what_the_list_says(routes: dict[str, set[str]]) -> None:
    wrong = {e: routes[e] for e in ROUTES if e in routes and set(ROUTES[e].methods.split()) != routes[e]}
    assert not wrong


def test_who_may_call_a_route_is_a_rule_that_exists() -> None:
    known = {ANYONE, SIGNED_IN, TICKET, OPERATOR, *map(str, RULES)}
    assert not {endpoint: access.who for endpoint, access in ROUTES.items() if access.who not in known}


# Templates

FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style": r"<style|\sstyle\s*=",
    "a handler in the page": r"hx-on|\son(?:click|change|input|submit|load|error|key\w+|mouse\w+)\s*=",
    "text that is not escaped": r"\|\s*safe\b|\bautoescape\s+false",
    "an attribute that is no HTML (write data-hx-…)": r"[\s\"']hx-[a-z]",
    "a link that runs something": r"javascript:",
}


@of_each(TEMPLATES)
def test_a_template_keeps_to_the_content_policy(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    assert not [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]


@of_each(TEMPLATES)
def test_a_template_stays_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 120


@of_each([p for p in TEMPLATES if p.name.startswith("_")])
def test_a_fragment_says_what_it_needs(path: Path) -> None:
    assert path.read_text().startswith("{#"), "line 1 says what it needs"


@of_each([p for p in TEMPLATES if p.name.startswith("_") and p.parent.name != "shared"])
def test_a_fragment_owns_the_element_it_is_swapped_into(path: Path) -> None:
    """Its root element carries the id that asked_for() knows it by."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", path.read_text(), flags=re.S)
    roots = BeautifulSoup(text, "html.parser").find_all(True, recursive=False)
    assert [root.get("id") for root in roots] == [fragment_id(str(path.relative_to(TOP / "templates")))]
