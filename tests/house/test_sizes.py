"""A file is read in one sitting, a function on one screen, a folder at one glance."""

import ast
from pathlib import Path

from tests.house.tree import PACKAGE, ROOT, nothing, plant, sources

FILE, FUNCTION, MOST_FUNCTIONS, MODULES = 300, 40, 25, 12
"""Lines of a file, of a function, of 95 functions in 100; modules in a folder."""
TESTS = 400
"""Lines of a file of tests: tables of cases are long and quickly read."""
KERNEL, WEB, PDF = 4500, 2500, 800
"""Lines of code of the kernel without its pages and its writer of PDF, of kernel/web, and of kernel/pdf. The plan said 4,000 for all; the reader of
edition files, which says every mistake with its line, the pages of accounts and administration, and documents that a blind reader can read made it
more. It may not grow beyond this."""
EXCEPTIONS: dict[str, str] = {}
"""Place, and why it may be larger."""


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def functions(package: Path) -> list[tuple[int, str]]:
    """List the lengths of all functions, longest first, with their places."""
    return sorted(
        (
            (length(node), f"{source.place}:{node.lineno} {node.name}")
            for source in sources(package)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ),
        reverse=True,
    )


def code_lines(text: str) -> int:
    """Count the lines that are neither empty, nor comment, nor docstring."""
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sum(
        1 for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.strip().startswith("#") and number not in told
    )


def too_large(package: Path, exceptions: dict[str, str]) -> list[str]:
    """List what has grown too large."""
    found, folders = [], {}
    for source in sources(package):
        lines = source.text.count("\n")
        if lines > FILE and source.place not in exceptions:
            found.append(f"{source.place} has {lines} lines, more than {FILE}. Move the noun inside it out.")
        if source.where[-1] != "__init__.py":
            folders.setdefault("/".join(source.where[:-1]), []).append(source.where[-1])
    for folder, modules in folders.items():
        if len(modules) > MODULES and folder not in exceptions:
            found.append(f"{folder}/ has {len(modules)} modules, more than {MODULES}. Give those that belong together a folder.")
    measured = functions(package)
    found += [
        f"{place} has {lines} lines, more than {FUNCTION}. Find the step that has a name."
        for lines, place in measured
        if lines > FUNCTION and place.split()[-1] not in exceptions
    ]
    if measured and (typical := measured[len(measured) * 5 // 100][0]) > MOST_FUNCTIONS:
        found.append(
            f"Of 100 functions 5 have {typical} lines or more; at most {MOST_FUNCTIONS} is readable. The longest: {', '.join(place for _lines, place in measured[:8])}."
        )
    apart = {"web": "kernel/web", "pdf": "kernel/pdf"}
    for name, most in (("The kernel", KERNEL), ("kernel/web", WEB), ("kernel/pdf", PDF)):
        lines = sum(
            code_lines(source.text)
            for source in sources(package)
            if source.component == "kernel" and apart.get(source.where[1], "The kernel") == name
        )
        if lines > most:
            found.append(f"{name} has {lines} lines of code, more than {most}. What only one plugin needs belongs to that plugin.")
    return found


def test_nothing_is_too_large():
    nothing(too_large(PACKAGE, EXCEPTIONS))


def test_tests_are_read_in_one_sitting_too():
    sizes = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "tests").rglob("*.py")}
    nothing(
        [
            f"{place} has {lines} lines, more than {TESTS}. Give each story a file of its own."
            for place, lines in sizes.items()
            if lines > TESTS
        ]
    )


def test_a_planted_long_file_is_caught(tmp_path):
    (caught,) = too_large(plant(tmp_path, {"plugins/webinar/rules.py": "X = 1\n" * 301}), {})
    assert "301 lines" in caught


def test_a_planted_long_function_is_caught(tmp_path):
    planted = plant(tmp_path, {"plugins/webinar/rules.py": "def f():\n" + "    x = 1\n" * 40})
    assert "rules.py:1 f has 41 lines" in too_large(planted, {})[0]


def test_a_planted_crowded_folder_is_caught(tmp_path):
    (caught,) = too_large(plant(tmp_path, {f"plugins/webinar/m{n}.py": "X = 1\n" for n in range(13)}), {})
    assert "13 modules" in caught


def test_many_planted_functions_of_thirty_lines_are_caught(tmp_path):
    text = "".join(f"def f{n}():\n" + "    x = 1\n" * 29 for n in range(9))
    (caught,) = too_large(plant(tmp_path, {"plugins/webinar/rules.py": text}), {})
    assert "at most 25" in caught


def test_a_planted_heavy_kernel_is_caught(tmp_path):
    planted = plant(tmp_path, {f"kernel/f{n}/m{m}.py": "X = 1\n" * 290 for n in range(2) for m in range(8)})
    assert "The kernel has 4640 lines of code" in too_large(planted, {})[0]


def test_a_planted_heavy_writer_of_pdf_is_caught_apart_from_the_kernel(tmp_path):
    planted = plant(tmp_path, {f"kernel/pdf/m{n}.py": "X = 1\n" * 290 for n in range(3)})
    (caught,) = too_large(planted, {})
    assert "kernel/pdf has 870 lines of code" in caught
