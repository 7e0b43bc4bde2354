"""Persons, administrations, links sent by mail, and failed sign-ins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.kernel.db import Base, Id, ref
from inspire_lms.kernel.people.rules import LinkFor

DIRECTORY_ORDER = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared letter by letter on both engines, whatever the language of the server."""


class Person(Base):
    """Somebody with an account, or somebody invited to have one."""

    __tablename__ = "people_person"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="an_address_is_folded"),
        CheckConstraint("family_name <> ''", name="somebody_has_a_name"),
        CheckConstraint("epoch >= 0", name="an_epoch_only_rises"),
        CheckConstraint("erased_at IS NULL OR password_hash IS NULL", name="who_is_erased_cannot_sign_in"),
        Index("ix_people_person_sort_key", "sort_key", "id"),
    )

    id: Mapped[Id]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    """Argon2id; None until the person has chosen a password."""
    given_name: Mapped[str]
    family_name: Mapped[str]
    latin_given_name: Mapped[str]
    latin_family_name: Mapped[str]
    language: Mapped[str]
    zone: Mapped[str | None]
    """The person's own zone; None means that of the cohort."""
    sort_key: Mapped[str] = mapped_column(DIRECTORY_ORDER)
    search: Mapped[str]
    """Names and address, folded."""
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    """When the person proved to read the mail of this address; nobody signs in before."""
    epoch: Mapped[int] = mapped_column(default=0)
    """Raising it ends every session of this person."""
    erased_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """Give the whole name, as the person writes it."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def latin_name(self) -> str:
        """Give the whole name in Latin letters."""
        return f"{self.latin_given_name} {self.latin_family_name}".strip()

    @property
    def is_authenticated(self) -> bool:
        """Be somebody, for Flask-Login."""
        return True

    @property
    def is_active(self) -> bool:
        """Say whether this account may be used."""
        return self.verified_at is not None and self.erased_at is None

    @property
    def is_anonymous(self) -> bool:
        """Be somebody, for Flask-Login."""
        return False

    def get_id(self) -> str:
        """Give what the session keeps: raising the epoch makes it worthless everywhere."""
        return f"{self.id}.{self.epoch}"


class Organisation(Base):
    """An administration or another body that people work for."""

    __tablename__ = "people_organisation"
    __table_args__ = (UniqueConstraint("name"), CheckConstraint("name <> ''", name="a_body_has_a_name"))

    id: Mapped[Id]
    name: Mapped[str]


class Membership(Base):
    """For whom a person works, and as what."""

    __tablename__ = "people_membership"
    __table_args__ = (UniqueConstraint("person_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = ref("people_person.id", index=False)
    organisation_id: Mapped[int] = ref("people_organisation.id")
    position: Mapped[str]
    """The position held there; empty when not told."""


class MailedLink(Base):
    """A link sent by mail that proves who reads it.

    Its token is kept as a digest; it stands in the mail until that has been sent.
    """

    __tablename__ = "people_mailed_link"
    __table_args__ = (
        UniqueConstraint("digest"),
        CheckConstraint("purpose IN ({})".format(", ".join(f"'{each}'" for each in LinkFor)), name="a_link_has_a_purpose"),
        CheckConstraint("expires_at > made_at", name="a_link_lasts_a_while"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = ref("people_person.id")
    purpose: Mapped[str]
    digest: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    wanted: Mapped[str | None]
    """The path to which the person wanted to go when the link was asked for."""


class FailedSignIns(Base):
    """How often signing in has failed lately, for one account or from one network address."""

    __tablename__ = "people_failed_sign_ins"
    __table_args__ = (UniqueConstraint("subject"), CheckConstraint("failures > 0", name="a_failure_is_counted"))

    id: Mapped[Id]
    subject: Mapped[str]
    """A digest of the account's address or of the network address; forgotten after a day."""
    failures: Mapped[int]
    last_at: Mapped[datetime]
