"""What an instance is told from outside; everything else is set in its pages."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (told apart, not listened on)
"""What listens on all addresses of a machine, and the address under which the machine itself reaches it."""


def address_at(host: str, port: int) -> str:
    """Give the address of a site that listens on *host* and *port* without a proxy before it."""
    reached = EVERY_ADDRESS.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


@dataclass(frozen=True)
class Settings:
    """Settings of one instance. Each is read from INSPIRE_<NAME> in the environment."""

    instance: Path = Path("instance")
    """Folder for the database, files, keys and fonts of this instance; made when missing."""
    database_url: str = ""
    """SQLAlchemy address; empty: a SQLite file in the instance folder."""
    secret_key: str = field(default="", repr=False)
    """Signs cookies and links; empty: made once and kept in the instance folder, readable by the owner only."""
    base_url: str = "http://127.0.0.1:8000"
    """Address under which people reach the site; links in mails and certificates begin with it. Not set: made of host and port."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8000
    """Port to listen on."""
    proxies: int = 0
    """How many proxies of ours stand before the site: so many last addresses of X-Forwarded-For are believed, and X-Request-Start."""
    smtp_host: str = ""
    """Mail server; empty: mails are kept and can be read in the administrator's pages."""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = False
    """Whether to ask the mail server for encryption before anything else."""
    mail_sender: str = "inspire@inspire.example"
    """Address that mails and calendar invitations come from."""
    jobs_url: str = ""
    """Where huey keeps its queue: empty for a SQLite file in the instance folder, else postgresql://… or redis://…"""
    argon2_cheap: bool = False
    """For tests only: passwords are hashed with the least cost."""
    demo: bool = False
    """Whether this instance shows sample data and says so on every page."""
    seal: str = "demo"
    """What seals certificates: demo, p12 (a key in a file), pkcs11 (a key in a card or module), csc (a remote signing service)."""
    seal_file: str = ""
    """With p12 the PKCS#12 file; with pkcs11 and csc a PEM file with the seal's certificates (its own first); empty: they are asked for."""
    seal_password: str = field(default="", repr=False)
    """Password of the PKCS#12 file."""
    seal_module: str = ""
    """With pkcs11: the library that speaks to the card or module."""
    seal_token: str = ""
    """With pkcs11: the label of the token in which the key lies."""
    seal_key: str = ""
    """With pkcs11: the label of the key."""
    seal_url: str = ""
    """With csc: the address of the signing service, before /csc/v1 (Cloud Signature Consortium API 1)."""
    seal_credential: str = ""
    """With csc: the ID under which the service knows the key."""
    seal_access_token: str = field(default="", repr=False)
    """With csc: what the service lets us in by."""
    seal_pin: str = field(default="", repr=False)
    """PIN of the token (pkcs11), or of the credential where the service asks for one (csc)."""
    seal_engine: str = "fast"
    """What writes sealed files: fast, or pyhanko (the reference: slower, with the same result for a reader)."""
    time_stamp_url: str = ""
    """Server of time stamps (RFC 3161); empty: none are used, and a seal can be checked as long as its certificate lasts."""
    time_stamp_roots: str = ""
    """PEM file with the roots on which its time stamps have to rest; empty: those that it sends along are believed."""
    without: str = ""
    """Names of plugins that are not installed at all, separated by commas."""

    @property
    def is_secure(self) -> bool:
        """Whether the site is reached by https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def is_production(self) -> bool:
        """Whether people rely on this site: it is reached by https and does not show sample data."""
        return self.is_secure and not self.demo

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'inspire.sqlite'}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; raises ValueError naming a variable that is not a number where one is needed."""
        given: dict[str, object] = {}
        for one in fields(cls):
            name = f"INSPIRE_{one.name.upper()}"
            raw = environ.get(name)
            if raw is None:
                continue
            if one.type in {bool, "bool"}:
                given[one.name] = raw.lower() in {"1", "true", "yes"}
            elif one.type in {int, "int"}:
                if not raw.isdigit():
                    msg = f"{name} must be a whole number, and is {raw!r}."
                    raise ValueError(msg)
                given[one.name] = int(raw)
            elif one.name == "instance":
                given[one.name] = Path(raw)
            else:
                given[one.name] = raw
        made = cls(**given)  # type: ignore[arg-type]  # each value was read by the type of its field
        return made if "base_url" in given else replace(made, base_url=address_at(made.host, made.port))

    def key(self) -> str:
        """Give the secret key, made at the first start and kept with mode 0600."""
        if self.secret_key:
            return self.secret_key
        kept = self.instance / "secret-key"
        if not kept.exists():
            self.instance.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                stream.write(secrets.token_hex(32))
        return kept.read_text()
