"""Every environment variable, once."""

import locale
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.labels import Language

DEFAULT_MUNICIPALITY = "05916000"
"""Herne, whose data lie in the data folder itself."""


class Settings(BaseSettings):
    """Settings of one process; each is an environment variable with the prefix ``KETTE_``."""

    model_config = SettingsConfigDict(env_prefix="KETTE_", env_ignore_empty=True, frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: Path.home() / ".local" / "share" / "kette",
        description="Folder of the embedded PostgreSQL and of all that Kette keeps.",
    )
    dsn: str = Field(
        default="",
        description="A PostgreSQL of your own (15 or newer); empty: the embedded one is started.",
    )
    actor: str = Field(
        default="", description="Who records by the command line, until access control exists."
    )
    unit: str = Field(default="", description="The organisation unit that the actor records for.")
    keys_dsn: str = Field(
        default="",
        description="A PostgreSQL of your own for the key store, on another server; empty: one is started.",
    )
    kek_dir: Path | None = Field(
        default=None,
        description="Folder of the files that wrap the data keys; empty: `kek` in the data folder.",
    )
    lang: Language | None = Field(
        default=None, description="de or en; empty: by the locale, German first."
    )
    host: str = Field(default="127.0.0.1", description="Loopback address that is served on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that is served on.")
    demo_people: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="How many invented people an empty demo loads; empty: as many as its posts can lead.",
    )
    kafka: str = Field(
        default="127.0.0.1:9092",
        description="The Kafka brokers, host:port separated by commas; only streams need them.",
    )
    readings: Literal["own", "group"] = Field(
        default="own",
        description="Who keeps the tables behind the lists: own, this process; group, `kette consume`.",
    )
    notary: Literal["own", "apart"] = Field(
        default="own",
        description="Who signs what is recorded: own, the process of the pages; apart, `kette notary`.",
    )
    witnesses: str = Field(
        default="",
        description="Verifier keys of the witnesses whose cosignatures the pages show, separated by commas.",
    )
    municipality: str = Field(
        default=DEFAULT_MUNICIPALITY,
        description="The municipality: AGS, short name or name (a file in municipalities/).",
    )

    @property
    def keeps_readings(self) -> bool:
        """Say whether this process keeps the tables behind the lists."""
        return self.readings == "own"

    def language(self) -> Language:
        """Return the language of the command line."""
        if self.lang is not None:
            return self.lang
        name = locale.setlocale(locale.LC_MESSAGES, None) or ""
        return "en" if name.lower().startswith("en") else "de"
