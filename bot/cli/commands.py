"""The commands of `supple`."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import click

from bot.cli import start
from bot.cli.options import handout_options, once_options


class _Lazy(click.Group):
    """Commands of the servers are imported only when they are asked for: an answer must not load what they need."""

    _elsewhere: ClassVar[dict[str, str]] = {
        "actions": "actions",
        "embed": "serve",
        "reload": "serve",
        "report": "serve",
        "serve": "serve",
        "sessions": "sessions",
    }
    """By command: the file that has it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self._elsewhere])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._elsewhere:
            found: click.Command = getattr(import_module(f"bot.cli.{self._elsewhere[cmd_name]}"), cmd_name)
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="supple-bot", prog_name="supple")
def cli() -> None:
    """Say what you feel; Supple shows what five articles about the psoas suggest, each traced to its article.

    A program, not a clinician. In an emergency call your local emergency number.
    """


@cli.command()
@click.option("--jsonl", is_flag=True, help="For programs: a message a line in, a reply a line out, as JSON.")
@click.option("--country", envvar="SUPPLE_COUNTRY", metavar="CODE", help="Whose help lines to show: GB, US, …")
def chat(*, jsonl: bool, country: str | None) -> None:
    """Talk. Nothing of it is written down."""
    from bot.cli import talk

    service = start.service(country)
    (talk.chat_jsonl if jsonl else talk.chat)(service)


@cli.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="The reply as JSON.")
@handout_options
@once_options
def ask(*, text: tuple[str, ...], as_json: bool, handout: Path | None, days: str, clock: str, **given: Any) -> None:
    """One message, one reply."""
    from bot.cli import render
    from bot.service.once import answer

    if handout:
        from bot.cli import takehome

        reminder = takehome.check(handout, days, clock)
    service = start.service(given.pop("country"))
    _, reply = answer(service, " ".join(text), **_answers(service.knowledge.safety, given))
    if as_json:
        click.echo(json.dumps(reply.to_json(), ensure_ascii=False, indent=2))
    else:
        render.show(render.console(), reply, service.knowledge.widget.talk)
    if handout:
        takehome.write(handout, service, reply, reminder)


@cli.command()
@click.argument("text", nargs=-1, required=True)
@once_options
def explain(*, text: tuple[str, ...], **given: Any) -> None:
    """Every step from a message to its reply, and why."""
    from bot.author.explain import explained
    from bot.service.once import answer

    service = start.service(given.pop("country"))
    turns, reply = answer(service, " ".join(text), **_answers(service.knowledge.safety, given))
    click.echo(explained(service, turns, reply))


def _answers(rules: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Arguments of `once.answer`; a rule that does not exist is wrong use."""
    gate = tuple(rule for part in given["gate"] for rule in part) if given["gate"] else None
    if gate == () or (gate and "none" in gate and set(gate) != {"none"}):
        raise click.BadParameter("name the danger signs that are there, or none alone", param_hint="--gate")
    for rule in gate or ():
        if rule != "none" and rule not in rules:
            from bot.content.problems import did_you_mean

            raise click.BadParameter(f'unknown safety rule "{rule}"{did_you_mean(rule, rules)}', param_hint="--gate")
    return {"gate": gate, "minutes": given["minutes"], "equipment": given["equipment"]}


@cli.command()
@click.option("--jsonl", is_flag=True, help='Lines are {"text": …}, so that texts may hold newlines.')
def understand(*, jsonl: bool) -> None:
    """Read messages, one a line, and write what was understood, one JSON object a line. Keeps nothing."""
    from bot.cli.talk import text_lines

    reader = start.reader(start.knowledge())
    for number, line in enumerate(text_lines(sys.stdin), start=1):
        text = line.rstrip("\r\n")
        if jsonl:
            try:
                text = json.loads(text)["text"]
                if not isinstance(text, str):
                    raise TypeError
            except (json.JSONDecodeError, KeyError, TypeError):
                start.fail(f'line {number} is not {{"text": …}}')
        sys.stdout.write(json.dumps(reader.read(text).to_json(), ensure_ascii=False) + "\n")


@cli.command()
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the five articles: also check that the anchors stand where the claims say.",
)
@click.option(
    "--sites",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of site files: also check them, and the content with their packs.",
)
@click.option(
    "--write-schemas",
    is_flag=True,
    help="Bring the files made from the content up to date first: schemas for editors, domain and rules for Rasa.",
)
@click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with rules/ and data/. Default: the project's own.",
)
def check(*, sources: Path | None, sites: Path | None, write_schemas: bool, content: Path | None) -> None:
    """Every problem in rules/ and data/. Exit status 1 on errors; warnings do not change it."""
    from bot.author.check import check_all

    problems = check_all(content, sources, sites, write_schemas=write_schemas)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(not problem.warning for problem in problems)
    click.echo(f"{errors} errors, {len(problems) - errors} warnings")
    sys.exit(1 if errors else 0)


@cli.command()
@click.option(
    "--cases",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="Folder of golden cases. Default: tests/cases of the checkout.",
)
@click.option("-v", "--verbose", is_flag=True, help="Also list what is reached.")
def coverage(*, cases: Path | None, verbose: bool) -> None:
    """Which knowledge items a golden case reaches. Exit status 1 below 100 %."""
    from bot.author.coverage import measure
    from bot.content.files import find_root

    folder = cases or find_root() / "tests" / "cases"
    if not folder.is_dir():
        start.fail(f"no golden cases in {folder}; name their folder with --cases")
    report = measure(start.service(), folder)
    for kind, (reached, missed) in report.items():
        click.echo(f"{kind}: {len(reached)} of {len(reached) + len(missed)}")
        for item in sorted(missed):
            click.echo(f"  not reached: {item}")
        for item in sorted(reached) if verbose else ():
            click.echo(f"  reached: {item}")
    reached_all, all_items = sum(len(r) for r, _ in report.values()), sum(len(r) + len(m) for r, m in report.values())
    click.echo(f"coverage {100 * reached_all / all_items:.1f} % ({reached_all} of {all_items})")
    sys.exit(0 if reached_all == all_items else 1)


@cli.command()
@click.argument("kind", type=click.Choice(["symptom", "practice", "source", "safety-rule"]))
@click.argument("id_", metavar="ID")
@click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with rules/ and data/. Default: the project's own.",
)
def new(*, kind: str, id_: str, content: Path | None) -> None:
    """Write the stubs of a new symptom, practice, source or safety rule; then follow `supple check`."""
    from bot.author.stubs import StubError, write_stubs

    try:
        written = write_stubs(kind, id_, content)
    except StubError as error:
        start.fail(str(error))
        raise
    for line in written:
        click.echo(line)


@cli.command()
@click.option(
    "--keep",
    is_flag=True,
    help="Keep it in data/en/learned, and teach the networks there anew where they are behind (a quarter of an hour).",
)
def train(*, keep: bool) -> None:
    """Train the reader anew from the training text in data/en/rasa and data/en/screen."""
    known = start.knowledge()
    trained = start.model(known, start.progress, force=True)
    if trained is None:
        sys.exit(1)
    click.echo(f"trained {len(trained.labels.labels)} labels")
    for path in start.keep(trained, known, start.progress) if keep else ():
        click.echo(f"wrote {path}")


@cli.command(name="eval")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--safety", is_flag=True, help="Measure the screen: danger that was caught, and false alarms.")
@click.option("--misses", is_flag=True, help="List every message that was read wrong.")
@click.option(
    "--forms",
    is_flag=True,
    help="Measure the same texts with typos, in capitals and so on; with --safety beside a complaint, too.",
)
@click.option(
    "--ablation", is_flag=True, help="Measure parts of the reader by themselves; trains several, takes minutes."
)
def evaluate(*, files: tuple[Path, ...], safety: bool, misses: bool, forms: bool, ablation: bool) -> None:
    """Measure the reader on files of rows {"text", "symptoms", "denied", "context", "level", "lane"}."""
    from bot.author import alarms
    from bot.author.evaluate import report
    from bot.author.rows import RowError

    known = start.knowledge()
    if ablation:
        from bot.author.ablation import variants
        from bot.content.load import load_examples

        readers = variants(known, load_examples(), start.progress)
    else:
        readers = iter([("", start.reader(known))])
    for name, reader in readers:
        for file in files:
            try:
                lines = (
                    alarms.report(reader, file, misses=misses, forms=forms)
                    if safety
                    else report(reader, file, misses=misses, forms=forms)
                )
            except RowError as error:
                start.fail(str(error))
                raise
            click.echo("\n".join([f"{file} {name}".rstrip(), *(lines[:9] if ablation else lines)]))
