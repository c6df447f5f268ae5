"""Clinics: reads a folder of site files, and says which content folders each clinic has."""

from pathlib import Path

from bot.content.files import find_root
from bot.content.load import Documents
from bot.content.problems import ContentError, Problem
from bot.model.record import build
from bot.model.site import DEMO, Site, demo


def load_sites(folder: Path | None, known: Documents) -> dict[str, Site]:
    """Sites by id, sorted; `known` are the checked documents whose ids they may name.

    Raises ContentError with every problem. The demo site is there unless the folder has its own.
    """
    sites, problems = examine_sites(folder, known) if folder else ({}, [])
    if problems:
        raise ContentError(problems)
    return dict(sorted(({DEMO: demo()} | sites).items()))


def examine_sites(folder: Path, known: Documents) -> tuple[dict[str, Site], list[Problem]]:
    """The sites of the files that have no fault, and every problem."""
    # Only here are YAML and pydantic needed: who answers from the demo site alone starts without them.
    from bot.content import check_sites, strict_yaml

    if not folder.is_dir():
        return {}, [Problem(shown(folder), 1, "the folder is missing")]
    sites: dict[str, Site] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        problems.append(Problem(f"{shown(folder)}/{path.name}", 1, "site files end in .yml; rename it"))
    for path in sorted(folder.glob("*.yml")):
        name = f"{shown(folder)}/{path.name}"
        raw, faults = strict_yaml.read(path, name)
        if raw is not None:
            faults = [*faults, *check_sites.check(raw, path, name, known)]
        problems.extend(faults)
        if not faults:
            sites[path.stem] = build(Site, {**raw, "id": path.stem})
    return sites, sorted(set(problems))


def site_roots(site: Site, folder: Path | None, *, root: Path | None = None) -> list[Path]:
    """Content folders of a site, for `load`: the project's, then its packs, later ones laid over earlier ones."""
    return [root or find_root(), *(folder / pack for pack in site.packs if folder)]


def shown(folder: Path) -> str:
    """What problems call the folder."""
    return folder.resolve().name
