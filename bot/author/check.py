"""Every problem of the content, and of its anchors where the articles are at hand."""

from collections.abc import Iterator
from pathlib import Path

from bot.author.anchors import check_anchors
from bot.author.drawings import check_drawings
from bot.author.made import made_from, stale, write
from bot.content.files import NoContentError, find_root, list_files
from bot.content.load import Documents, examine
from bot.content.problems import Problem
from bot.content.sites import examine_sites, shown, site_roots


def check_all(
    content: Path | None = None,
    sources: Path | None = None,
    sites: Path | None = None,
    *,
    write_schemas: bool = False,
) -> list[Problem]:
    """Problems of the content in this folder (by default the project's own), and of sites on it, sorted."""
    try:
        root = content or find_root()
    except NoContentError as error:
        return [Problem("rules", 1, str(error))]
    documents, problems = examine(list_files([root]))
    if any(not problem.warning for problem in problems):
        return problems
    made = made_from(documents)
    if write_schemas:
        write(root, made)
    anchors = check_anchors(documents, sources) if sources else ()
    of_sites = _check_sites(root, sites, documents, problems) if sites else ()
    of_made = (*stale(root, made), *_learned(root, documents))
    return sorted({*problems, *anchors, *of_sites, *check_drawings(documents), *of_made})


def _learned(root: Path, documents: Documents) -> Iterator[Problem]:
    """What was learned from others than the texts of today."""
    from bot.knowledge.compiled import compile_documents
    from bot.understand import models, networks

    for path in [*models.behind(root, compile_documents(documents, "")), *networks.behind(root)]:
        message = "was learned from others than the texts, word lists and code of today: supple train --keep"
        yield Problem(path.relative_to(root).as_posix(), 1, message, warning=True)


def _check_sites(root: Path, folder: Path, documents: Documents, known: list[Problem]) -> Iterator[Problem]:
    """Problems of site files, and those that a site's packs bring into the content."""
    sites, problems = examine_sites(folder, documents)
    yield from problems
    for packs in sorted({site.packs for site in sites.values() if site.packs}):
        roots = site_roots(next(site for site in sites.values() if site.packs == packs), folder, root=root)
        files = list_files(roots)
        for problem in examine(files)[1]:
            if problem not in known:
                path = files.get(problem.file)
                ours = path is not None and path.is_relative_to(folder)
                where = f"{shown(folder)}/{path.relative_to(folder).as_posix()}" if path and ours else problem.file
                yield Problem(where, problem.line, problem.message, problem.warning)
