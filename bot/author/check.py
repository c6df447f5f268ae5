"""Every problem of the content, and of its anchors where the articles are at hand."""

from pathlib import Path

from bot.author.anchors import check_anchors
from bot.author.schemas import stale_schemas, write_schemas_of
from bot.content.documents import vocabulary_ids
from bot.content.files import NoContentError, find_root, list_files
from bot.content.load import examine
from bot.content.problems import Problem


def check_all(
    content: Path | None = None, sources: Path | None = None, *, write_schemas: bool = False
) -> list[Problem]:
    """Problems of the content in this folder (by default the project's own), sorted."""
    try:
        root = content or find_root()
    except NoContentError as error:
        return [Problem("rules", 1, str(error))]
    documents, problems = examine(list_files([root]))
    if any(not problem.warning for problem in problems):
        return problems
    ids = {name: sorted(found) for name, found in vocabulary_ids(documents).items()}
    if write_schemas:
        write_schemas_of(root, ids)
    anchors = check_anchors(documents, sources) if sources else ()
    return sorted({*problems, *anchors, *stale_schemas(root, ids)})
