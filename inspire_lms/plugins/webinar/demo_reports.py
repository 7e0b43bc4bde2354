"""Attendance reports as three meeting tools write them, for sample data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Seen:
    """Somebody in a meeting."""

    name: str
    email: str
    came_at: datetime
    left_at: datetime


def report(country: str, seen: Sequence[Seen], zone: str) -> tuple[str, bytes]:
    """Write the report of the tool that the country uses: name of the file and content."""
    place = ZoneInfo(zone)
    match country:
        case "GR":
            return "teams.csv", _teams(seen, place)
        case "RO":
            return "bigbluebutton.json", _bigbluebutton(seen)
        case _:
            return "zoom.csv", _zoom(seen, place)


def _zoom(seen: Sequence[Seen], place: ZoneInfo) -> bytes:
    head = "Nome (nome originale),E-mail utente,Ora di ingresso,Ora di uscita,Durata (minuti),Ospite,In sala d'attesa"
    rows = [f'"{one.name}",{one.email},{_local(one.came_at, place)},{_local(one.left_at, place)},{_minutes(one)},Sì,No' for one in seen]
    return "\r\n".join([head, *rows, ""]).encode("utf-8-sig")


def _teams(seen: Sequence[Seen], place: ZoneInfo) -> bytes:
    head = "Όνομα\tΏρα συμμετοχής\tΏρα αποχώρησης\tΔιάρκεια\tΗλεκτρονικό ταχυδρομείο\tΡόλος"
    rows = [
        f"{one.name}\t{_local(one.came_at, place)}\t{_local(one.left_at, place)}\t{_minutes(one)} λεπτά\t{one.email}\tΠαρουσιαστής"
        for one in seen
    ]
    return "\r\n".join(["1. Σύνοψη", f"Συμμετέχοντες\t{len(seen)}", "", "3. Δραστηριότητες κατά τη σύσκεψη", head, *rows, ""]).encode(
        "utf-16"
    )


def _bigbluebutton(seen: Sequence[Seen]) -> bytes:
    users = {
        f"w_{place}": {
            "userKey": f"w_{place}",
            "extId": one.email or f"gl-{place}",
            "name": one.name,
            "isModerator": False,
            "intIds": {f"w_{place}_1": {"registeredOn": _milliseconds(one.came_at), "leftOn": _milliseconds(one.left_at)}},
        }
        for place, one in enumerate(seen)
    }
    ended = max((_milliseconds(one.left_at) for one in seen), default=0)
    return json.dumps({"name": "INSPIRE PA", "endedOn": ended, "users": users}, ensure_ascii=False).encode()


def _local(at: datetime, place: ZoneInfo) -> str:
    return f"{at.astimezone(place):%d/%m/%Y %H:%M:%S}"


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1000


def _minutes(one: Seen) -> int:
    return int((one.left_at - one.came_at).total_seconds()) // 60
