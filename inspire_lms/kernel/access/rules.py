"""How a grant is inherited: what is granted in a context holds in every context below it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ContextKind(StrEnum):
    """What a context stands for; each kind lies below the one before it."""

    SYSTEM = "system"
    PROGRAMME = "programme"
    COHORT = "cohort"
    ACTIVITY = "activity"


BELOW = {
    ContextKind.SYSTEM: None,
    ContextKind.PROGRAMME: ContextKind.SYSTEM,
    ContextKind.COHORT: ContextKind.PROGRAMME,
    ContextKind.ACTIVITY: ContextKind.COHORT,
}
"""The kind of the context above."""

EVERYBODY = "person"
"""The role that every person who is signed in has, everywhere."""
ADMINISTRATOR = "administrator"
"""The role that has every capability."""


@dataclass(frozen=True)
class Granted:
    """A role that a person holds in a context."""

    role: str
    path: str
    """The context's path: the numbers of the contexts above it and its own, as in /1/4/9/."""


def capabilities(role: str, defaults: Mapping[str, tuple[str, ...]], overrides: Mapping[tuple[str, str], bool]) -> frozenset[str]:
    """List what a role may do: the defaults of the manifests, changed by what an administrator decided.

    *defaults* gives the roles of each capability; *overrides* says for role and capability whether it is given.
    """
    return frozenset(name for name, roles in defaults.items() if overrides.get((role, name), role == ADMINISTRATOR or role in roles))


def may(grants: Iterable[Granted], capability: str, path: str | None, roles: Mapping[str, frozenset[str]]) -> bool:
    """Say whether *grants* give *capability* in the context with *path*; anywhere when *path* is None."""
    if capability in roles.get(EVERYBODY, frozenset()):
        return True
    return any(capability in roles.get(each.role, frozenset()) and (path is None or path.startswith(each.path)) for each in grants)


def explain(grants: Iterable[Granted], capability: str, path: str, roles: Mapping[str, frozenset[str]]) -> list[str]:
    """Say, a line each, what every grant contributes to the answer; in English, for the command line."""
    lines = []
    if capability in roles.get(EVERYBODY, frozenset()):
        lines.append(f"yes: everybody signed in has {capability}")
    for each in grants:
        has, here = capability in roles.get(each.role, frozenset()), path.startswith(each.path)
        verdict = "yes" if has and here else "no"
        holding = "has" if has else "lacks"
        lying = "at or above" if here else "not above"
        lines.append(f"{verdict}: {each.role} in {each.path} {holding} {capability}; {each.path} is {lying} {path}")
    holders = sorted(role for role, names in roles.items() if capability in names)
    lines.append(f"roles that have {capability}: {', '.join(holders) or 'none'}")
    return lines
