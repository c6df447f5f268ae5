"""Checks of one site file: what a browser, a clock, a caller and a weak eye must be able to rely on."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from math import floor
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from bot.content import shapes
from bot.content.documents import HELPLINES, VOCABULARIES, vocabulary_ids
from bot.content.files import LANG
from bot.content.load import Documents
from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import line_of
from bot.model.site import Site, Theme

PUBLISHED = (LANG,)
"""Languages in which everything is there."""
AGES = (18, 130)  # below 18 the safety rule rf_under_18 hands over, whatever a site says
RETENTION = (1, 1440)
"""Minutes: up to a day."""
PAIRS = (("on_accent", "accent", 4.5), ("text", "background", 4.5), ("accent", "background", 3.0))
"""Colours that are seen on one another, and the contrast that WCAG 2.2 level AA asks of them (1.4.3, 1.4.11)."""

_ID = re.compile(r"[a-z][a-z0-9_-]*")
_PACK = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(rf"https://{_LABEL}(?:\.{_LABEL})*(?::[0-9]+)?|http://(?:localhost|127\.0\.0\.1)(?::[0-9]+)?")
_ADDRESS = re.compile(rf"https://{_LABEL}(?:\.{_LABEL})*(?::[0-9]+)?(?:[/?#][^\s\"'<>\\]*)?", re.IGNORECASE)
_PATH = re.compile(r"/(?!/)[^\s\"'<>\\]*")
_PHONE = re.compile(r"[0-9 +()-]*[0-9][0-9 +()-]*")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DEFAULT_PORT = {"https": "443", "http": "80"}

Fault = tuple[tuple[Any, ...], str]
"""Path of a value, and what is wrong with it."""


def check(raw: Any, path: Path, file: str, known: Documents) -> list[Problem]:
    """Every problem of one file; `known` are the documents whose ids it may name."""
    problems = shapes.check_shape(Site, raw, file)
    faults = chain(_file_name(raw, path), _hidden(raw, known))
    if not problems:  # the others may rely on the shape
        faults = chain(faults, *(rule(raw) for rule in _RULES), _country(raw, known), _packs(raw, path.parent))
    return problems + [Problem(file, line_of(raw, where), message) for where, message in faults]


def _file_name(raw: Any, path: Path) -> Iterator[Fault]:
    if not _ID.fullmatch(path.stem):
        yield (), f'the file\'s name "{path.stem}" must be an id: a-z first, then a-z, 0-9, _ and -'
    given = raw.get("id", path.stem) if isinstance(raw, dict) else path.stem
    if given != path.stem:
        yield ("id",), f'id "{given}" must be the file\'s name, "{path.stem}"'


def _hidden(raw: Any, known: Documents) -> Iterator[Fault]:
    ids = vocabulary_ids(known)
    file, key, _ = VOCABULARIES["practice"]
    floor_ids = {id_ for id_, practice in known[file][key].items() if practice.get("safe_floor")}
    for mark, id_, where in shapes.references(Site, raw):
        vocabulary = mark.vocabularies[0]
        if id_ not in ids[vocabulary]:
            yield where, f'unknown {vocabulary} "{id_}"{did_you_mean(id_, ids[vocabulary])}'
        elif vocabulary == "practice" and id_ in floor_ids:
            yield where, f'practice "{id_}" belongs to the safe floor and cannot be hidden'


def _country(raw: Any, known: Documents) -> Iterator[Fault]:
    country, countries = raw.get("country"), known[HELPLINES]["countries"]
    if country is not None and country not in countries:
        guess, there = did_you_mean(country.upper(), countries), ", ".join(sorted(countries))
        yield ("country",), f'unknown country "{country}"{guess}; there are help lines for {there}'


def _packs(raw: Any, folder: Path) -> Iterator[Fault]:
    for number, pack in enumerate(raw.get("packs", ())):
        if not _PACK.fullmatch(pack) or not (folder / pack).is_dir():
            beside = {path.name for path in folder.iterdir() if path.is_dir()}
            yield ("packs", number), f'pack "{pack}" is no folder beside the file{did_you_mean(pack, beside)}'


def _name(raw: Any) -> Iterator[Fault]:
    if not raw["name"].strip():
        yield ("name",), "name must not be empty"


def _origins(raw: Any) -> Iterator[Fault]:
    for number, origin in enumerate(raw.get("origins", ())):
        match = _ORIGIN.fullmatch(origin)
        scheme, _, rest = origin.partition("://")
        port = rest.partition(":")[2]
        # A browser never writes a scheme's own port, so an origin with it would match nothing.
        if not match or port == _DEFAULT_PORT[scheme] or (port and not _is_port(port)):
            meant = _meant(origin)
            guess = f' (did you mean "{meant}"?)' if meant != origin and _ORIGIN.fullmatch(meant) else ""
            what = "must be https://host[:port] and nothing more, or http://localhost[:port] to try things out"
            yield ("origins", number), f'origin "{origin}" {what}{guess}'


def _meant(origin: str) -> str:
    """The origin of an address, as a browser writes it."""
    scheme, _, rest = origin.strip().casefold().partition("://")
    host, _, port = re.split(r"[/?#]", rest, maxsplit=1)[0].partition(":")
    return f"{scheme}://{host}" + (f":{port}" if _is_port(port) and port != _DEFAULT_PORT.get(scheme) else "")


def _is_port(port: str) -> bool:
    return port.isdecimal() and not port.startswith("0") and int(port) <= 65535


def _languages(raw: Any) -> Iterator[Fault]:
    languages = raw.get("languages", PUBLISHED)
    if not languages:
        yield ("languages",), "languages must name at least one"
    for number, language in enumerate(languages):
        if language not in PUBLISHED:
            yield ("languages", number), f'language "{language}" is not published; there is {", ".join(PUBLISHED)}'


def _numbers(raw: Any) -> Iterator[Fault]:
    for key, (least, most) in (("minimum_age", AGES), ("retention_minutes", RETENTION)):
        if not least <= raw.get(key, least) <= most:
            yield (key,), f"{key} must be {least} to {most}, not {raw[key]}"


def _hours(raw: Any) -> Iterator[Fault]:
    for number, hours in enumerate(raw.get("hours", ())):
        if not hours["days"]:
            yield ("hours", number, "days"), "days must name at least one"
        wrong = [key for key in ("opens", "closes") if not _TIME.fullmatch(hours[key])]
        for key in wrong:
            yield ("hours", number, key), f'{key} must be HH:MM, 00:00 to 23:59, not "{hours[key]}"'
        if not wrong and hours["opens"] >= hours["closes"]:
            message = f"opens {hours['opens']} must come before closes {hours['closes']}"
            yield ("hours", number, "opens"), message


def _timezone(raw: Any) -> Iterator[Fault]:
    zone = raw.get("timezone", "UTC")
    if zone not in _zones():
        yield ("timezone",), f'unknown timezone "{zone}"{did_you_mean(zone, _zones())}'


@cache
def _zones() -> frozenset[str]:
    """Names of time zones. UTC needs no database, which a small machine may not have."""
    return frozenset(available_timezones() | {"UTC"})


def _contact(raw: Any) -> Iterator[Fault]:
    phone, booking = raw.get("phone"), raw.get("booking")
    if phone is not None and not _PHONE.fullmatch(phone):
        yield ("phone",), f'phone "{phone}" must hold digits, and only spaces, +, ( ) and - beside them'
    if booking is not None and not _ADDRESS.fullmatch(booking):
        yield ("booking",), f'booking "{booking}" must be an https:// address'


def _logo(raw: Any) -> Iterator[Fault]:
    logo = raw.get("logo")
    if logo is not None and not (_ADDRESS.fullmatch(logo) or _PATH.fullmatch(logo)):
        yield ("logo",), f'logo "{logo}" must be an https:// address, or a path that begins with one /'


def _consent(raw: Any) -> Iterator[Fault]:
    text = raw.get("consent_text")
    if text is None:
        return
    if not text.strip() or "{" in text or "}" in text:
        yield ("consent_text",), "consent_text must be plain words, without { and }"
    elif not raw.get("consent"):
        yield ("consent_text",), "consent_text is shown only with consent: true"


def _theme(raw: Any) -> Iterator[Fault]:
    given = raw.get("theme", {})
    wrong = [key for key, colour in given.items() if not _COLOUR.fullmatch(colour)]
    for key in wrong:
        yield ("theme", key), f'{key} must be #rrggbb in quotes, not "{given[key]}"'
    theme = Theme(**{key: colour for key, colour in given.items() if key not in wrong})
    for front, back, least in PAIRS:
        if front in wrong or back in wrong:
            continue
        ratio = contrast(getattr(theme, front), getattr(theme, back))
        if ratio < least:
            measured = f"{floor(ratio * 100) / 100:.2f}"  # rounded down, so that it never reads as enough
            pair = f"{front} {getattr(theme, front)} on {back} {getattr(theme, back)}"
            message = f"{pair} has a contrast of {measured}:1; it needs {least}:1"
            yield ("theme", front if front in given else back), message


def contrast(first: str, second: str) -> float:
    """Contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4) for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_RULES = (_name, _origins, _languages, _numbers, _hours, _timezone, _contact, _logo, _consent, _theme)
