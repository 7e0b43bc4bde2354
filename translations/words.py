"""Gather the words of each component, and bring its catalogues up to date.

Without locations and sorted, so that moving code changes nothing; nothing is guessed and nothing obsolete is kept.
A component is a plugin's name, or kernel. `make words` calls this; tests/house/test_translations.py looks at the outcome.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
KEYWORDS = {
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "Message": None,
    "Reason": None,
    "counted": (1, 2),
}
"""The functions and classes whose words are translated, and where in their arguments the words stand."""


def components(package: Path) -> dict[str, list[Path]]:
    """List the source files of each component of the package at *package*: one for each plugin, kernel for the rest."""
    found: dict[str, list[Path]] = {"kernel": []}
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if not path.is_file() or inside[0] == "contracts" or not (path.suffix == ".py" or "templates" in inside):
            continue
        name = inside[1] if inside[0] == "plugins" and len(inside) > 2 else "kernel"  # noqa: PLR2004 (plugins/<name>/<file>)
        found.setdefault(name, []).append(path)
    return found


def words_of(files: list[Path]) -> Catalog:
    """Gather the words in *files*, with the comments for translators that stand above them."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in files:
        method = "python" if path.suffix == ".py" else "jinja2"
        for _line, message, comments, context in extract_from_file(method, path, KEYWORDS, ["Translators:"], strip_comment_tags=True):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def languages(folder: Path) -> Iterator[str]:
    """List the languages that have a folder."""
    yield from sorted(each.parent.name for each in folder.glob("*/LC_MESSAGES"))


def update(folder: Path, component: str, found: Catalog) -> None:
    """Write the template of *component*, and bring its catalogue in each language up to date."""
    with (folder / f"{component}.pot").open("wb") as stream:
        write_po(stream, found, no_location=True, omit_header=True, sort_output=True, width=140)
    for language in languages(folder):
        path = folder / language / "LC_MESSAGES" / f"{component}.po"
        catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
        if path.exists():
            with path.open("rb") as stream:
                catalog = read_po(stream, locale=language)
            catalog.update(found, no_fuzzy_matching=True)
            catalog.obsolete.clear()
        else:
            for message in found:
                if message.id:
                    catalog.add(message.id, context=message.context, auto_comments=message.auto_comments)
        path.write_text(_written(catalog, language), encoding="utf-8")
        missing = sum(1 for message in catalog if message.id and not _is_said(message.string))
        if missing:
            print(f"{path.relative_to(folder)}: {missing} of {len(catalog)} to translate")


def _is_said(said: str | tuple[str, ...] | list[str]) -> bool:
    return bool(said) and (isinstance(said, str) or all(said))


def _written(catalog: Catalog, language: str) -> str:
    """Write a catalogue under a header of our own, which has no date and no name of a tool in it."""
    stream = BytesIO()
    write_po(stream, catalog, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True, width=140)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {language}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header + stream.getvalue().decode()


def main(only: list[str]) -> None:
    """Do it for the components in *only*, or for all."""
    folder = Path(__file__).parent
    found = components(ROOT / "inspire_lms")
    for name in only or found:
        if name not in found:
            sys.exit(f"There is no component {name}; there are: {', '.join(found)}.")
        update(folder, name, words_of(found[name]))


if __name__ == "__main__":
    main(sys.argv[1:])
