"""Sites: every fault is told to the letter, and what a clinic hides is nowhere to be found."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bot.author.check import check_all
from bot.cli.commands import cli
from bot.content.check_sites import PAIRS, contrast
from bot.content.files import cache_folder
from bot.content.load import load
from bot.content.problems import ContentError
from bot.content.sites import load_sites, site_roots
from bot.knowledge import Knowledge, load_knowledge, without
from bot.model.site import Hidden, Hours, Site, Theme, demo
from bot.service import Message, Service
from bot.service.sites import build_services
from bot.sessions import MemoryStore
from bot.understand.reader import Reader
from bot.web import Settings, server
from click.testing import CliRunner

from tests.conftest import ROOT

CODES = "AU, BR, CA, DE, ES, FR, GB, IE, IN, IT, NL, NZ, US, ZA"
ORIGIN = "must be https://host[:port] and nothing more, or http://localhost[:port] to try things out"

LEAFLET = """\
source:
  code: "900"
  title: Our leaflet
  author: Harbour Physio
  interest: offers appointments
  evidence: a leaflet
  file: leaflet.txt
  sha256: "00"
claims:
  hips_rest:
    kind: explicit
    practices: [constructive_rest]
    when: {any_of: [tight_hips]}
    section: Rest
    lines: [3, 4]
    anchors: [hips, rest]
    says: "The leaflet suggests rest for tight hips."
"""

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return load()[0]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a site file, and give its folder."""

    def written(text: str, name: str = "harbour.yml") -> Path:
        folder = tmp_path / "sites"
        (folder / "leaflets").mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        return folder

    return written


def errors(folder: Path, documents: dict[str, Any]) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_sites(folder, documents)
    return str(caught.value).splitlines()


def test_the_demo_site_is_there_without_a_folder(documents: dict[str, Any]) -> None:
    assert load_sites(None, documents) == {"demo": demo()}


def test_a_site_is_read_beside_the_demo(write: Write, documents: dict[str, Any]) -> None:
    folder = write(
        """\
id: harbour
name: Harbour Physio
origins: [https://harbour.example, "https://www.harbour.example:8443", "http://localhost:8000", http://127.0.0.1]
country: GB
languages: [en]
minimum_age: 21
phone: +44 (0)20 7946-0000
booking: https://harbour.example/book?from=chat
timezone: Europe/London
hours:
  - {days: [mon, fri], opens: 08:30, closes: 18:00}
theme: {accent: "#114488"}
retention_minutes: 60
consent: true
consent_text: May we?
check_in: true
logo: /logo.svg
position: start
hide: {practices: [piyo], sources: [tight_hips_melt]}
packs: [leaflets]
"""
    )
    sites = load_sites(folder, documents)

    assert list(sites) == ["demo", "harbour"]
    assert sites["harbour"] == Site(
        id="harbour",
        name="Harbour Physio",
        origins=(
            "https://harbour.example",
            "https://www.harbour.example:8443",
            "http://localhost:8000",
            "http://127.0.0.1",
        ),
        country="GB",
        minimum_age=21,
        phone="+44 (0)20 7946-0000",
        booking="https://harbour.example/book?from=chat",
        timezone="Europe/London",
        hours=(Hours(days=("mon", "fri"), opens="08:30", closes="18:00"),),
        theme=Theme(accent="#114488"),
        retention_minutes=60,
        consent=True,
        consent_text="May we?",
        check_in=True,
        logo="/logo.svg",
        position="start",
        hide=Hidden(practices=("piyo",), sources=("tight_hips_melt",)),
        packs=("leaflets",),
    )


def test_the_folder_may_have_its_own_demo(write: Write, documents: dict[str, Any]) -> None:
    sites = load_sites(write("name: Ours\nenabled: false\n", "demo.yml"), documents)

    assert sites == {"demo": Site(id="demo", name="Ours", enabled=False)}


def test_the_example_of_the_readme_has_no_fault(write: Write, documents: dict[str, Any]) -> None:
    section = (ROOT / "data/README.md").read_text("utf-8").partition("## sites\n")[2]
    lines = [line[4:] for line in section.partition("\nOnly ")[0].splitlines() if line.startswith("    ")]
    folder = write("\n".join(lines), "readme.yml")
    (folder / "harbour").mkdir()

    assert load_sites(folder, documents)["readme"].packs == ("harbour",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("origins: []", '1: key "name" is missing'),
        ("name: ''", "1: name must not be empty"),
        ("name: H\nminimun_age: 18", '2: unknown key "minimun_age" (did you mean "minimum_age"?)'),
        ("name: H\nname: I", '2: key "name" stands twice, first on line 1'),
        ("name: H\nenabled: yes", '2: "enabled" must be true or false, not "yes"'),
        ("name: H\nid: harbor", '2: id "harbor" must be the file\'s name, "harbour"'),
        ("name: H\nhide: {practices: [piyoo]}", '2: unknown practice "piyoo" (did you mean "piyo"?)'),
        (
            "name: H\nhide:\n  sources:\n    - ours\n    - tight_hip_melt",
            '4: unknown source "ours"\n5: unknown source "tight_hip_melt" (did you mean "tight_hips_melt"?)',
        ),
        (
            "name: H\nhide: {practices: [piyo, sit_less]}",
            '2: practice "sit_less" belongs to the safe floor and cannot be hidden',
        ),
        ("name: H\ncountry: gb", f'2: unknown country "gb" (did you mean "GB"?); there are help lines for {CODES}'),
        ("name: H\ncountry: UK", f'2: unknown country "UK"; there are help lines for {CODES}'),
        ("name: H\nlanguages: []", "2: languages must name at least one"),
        ("name: H\nlanguages: [en, fr]", '2: language "fr" is not published; there is en'),
        ("name: H\nminimum_age: 17", "2: minimum_age must be 18 to 130, not 17"),
        ("name: H\nminimum_age: 131", "2: minimum_age must be 18 to 130, not 131"),
        ("name: H\nretention_minutes: 0", "2: retention_minutes must be 1 to 1440, not 0"),
        ("name: H\nretention_minutes: 1441", "2: retention_minutes must be 1 to 1440, not 1441"),
        (
            "name: H\nhours:\n- {days: [mon], opens: 9:00, closes: 24:00}",
            '3: closes must be HH:MM, 00:00 to 23:59, not "24:00"\n3: opens must be HH:MM, 00:00 to 23:59, not "9:00"',
        ),
        (
            "name: H\nhours:\n- days: [mon]\n  opens: 18:00\n  closes: 18:00",
            "4: opens 18:00 must come before closes 18:00",
        ),
        ("name: H\nhours:\n- {days: [], opens: 08:00, closes: 18:00}", "3: days must name at least one"),
        (
            "name: H\nhours:\n- {days: [mo], opens: 08:00, closes: 18:00}",
            '3: "days" must be one of mon, tue, wed, thu, fri, sat, sun, not "mo" (did you mean "mon"?)',
        ),
        (
            "name: H\ntimezone: Europe/Londen",
            '2: unknown timezone "Europe/Londen" (did you mean "Europe/London"?)',
        ),
        ("name: H\ntimezone: ../etc/passwd", '2: unknown timezone "../etc/passwd"'),
        (
            "name: H\nlogo: //h.example/l.svg",
            '2: logo "//h.example/l.svg" must be an https:// address, or a path that begins with one /',
        ),
        (
            "name: H\nlogo: javascript:x",
            '2: logo "javascript:x" must be an https:// address, or a path that begins with one /',
        ),
        ("name: H\nconsent: true\nconsent_text: 'May {we}?'", "3: consent_text must be plain words, without { and }"),
        ("name: H\nconsent_text: May we?", "2: consent_text is shown only with consent: true"),
        ("name: H\nbooking: http://harbour.example", '2: booking "http://harbour.example" must be an https:// address'),
        ("name: H\nbooking: 'https://h.example/\"x'", '2: booking "https://h.example/"x" must be an https:// address'),
        (
            "name: H\nbooking: https://harbour.example@evil.example/",
            '2: booking "https://harbour.example@evil.example/" must be an https:// address',
        ),
        (
            "name: H\nphone: 020 7946 0000 ext 2",
            '2: phone "020 7946 0000 ext 2" must hold digits, and only spaces, +, ( ) and - beside them',
        ),
        ("name: H\nphone: 5550100", '2: "phone" must be text, not 5550100'),
        ("name: H\ntheme: {text: 'black'}", '2: text must be #rrggbb in quotes, not "black"'),
        ("name: H\npacks: [leaflet]", '2: pack "leaflet" is no folder beside the file (did you mean "leaflets"?)'),
        ("name: H\npacks: ['../sites']", '2: pack "../sites" is no folder beside the file'),
    ],
)
def test_a_broken_site_is_told_to_the_letter(text: str, expected: str, write: Write, documents: dict[str, Any]) -> None:
    assert errors(write(text), documents) == [f"sites/harbour.yml:{line}" for line in expected.splitlines()]


@pytest.mark.parametrize(
    ("origin", "meant"),
    [
        ("https://harbour.example/", "https://harbour.example"),
        ("https://harbour.example/book?x#y", "https://harbour.example"),
        ("https://Harbour.example", "https://harbour.example"),
        ("https://harbour.example:443", "https://harbour.example"),
        ("http://localhost:80", "http://localhost"),
        ("https://harbour.example:99999", "https://harbour.example"),
        ("https://*.harbour.example", None),
        ("http://harbour.example", None),
        ("http://localhost.evil.example", None),
        ("https://user@harbour.example", None),
        ("harbour.example", None),
        ("*", None),
        ("null", None),
        ("", None),
    ],
)
def test_an_origin_is_exact(origin: str, meant: str | None, write: Write, documents: dict[str, Any]) -> None:
    guess = f' (did you mean "{meant}"?)' if meant else ""

    assert errors(write(f"name: H\norigins:\n- https://ok.example\n- '{origin}'"), documents) == [
        f'sites/harbour.yml:4: origin "{origin}" {ORIGIN}{guess}'
    ]


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        (
            'accent: "#ffcc00"',
            [
                "accent #ffcc00 on background #ffffff has a contrast of 1.51:1; it needs 3.0:1",
                "on_accent #ffffff on accent #ffcc00 has a contrast of 1.51:1; it needs 4.5:1",
            ],
        ),
        ('text: "#777777"', ["text #777777 on background #ffffff has a contrast of 4.47:1; it needs 4.5:1"]),
        (
            'accent: "#ffffff", on_accent: "#000000"',
            ["accent #ffffff on background #ffffff has a contrast of 1.00:1; it needs 3.0:1"],
        ),
        (
            'background: "#000000"',
            [
                "accent #0b5c5c on background #000000 has a contrast of 2.69:1; it needs 3.0:1",
                "text #1a1a1a on background #000000 has a contrast of 1.20:1; it needs 4.5:1",
            ],
        ),
    ],
)
def test_colours_that_cannot_be_told_apart_are_told_with_their_contrast(
    theme: str, expected: list[str], write: Write, documents: dict[str, Any]
) -> None:
    assert errors(write(f"name: H\ntheme: {{{theme}}}"), documents) == [
        f"sites/harbour.yml:2: {line}" for line in expected
    ]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert all(contrast(getattr(Theme(), front), getattr(Theme(), back)) >= least for front, back, least in PAIRS)


def test_all_files_are_told_at_once(write: Write, documents: dict[str, Any]) -> None:
    write("name: A: B", "a.yml")
    write("- name", "b.yml")
    write("name: C\nconsent: 1\nhide: {practices: [sit_less]}", "c.yml")
    folder = write("name: D", "My Clinic.yml")

    assert errors(folder, documents) == [
        'sites/My Clinic.yml:1: the file\'s name "My Clinic" must be an id: a-z first, then a-z, 0-9, _ and -',
        "sites/a.yml:1: not valid YAML: mapping values are not allowed in this context",
        'sites/b.yml:1: "file" must be a mapping, not ["name"]',
        'sites/c.yml:2: "consent" must be true or false, not 1',
        'sites/c.yml:3: practice "sit_less" belongs to the safe floor and cannot be hidden',
    ]


def test_a_site_file_that_would_not_be_read_is_told(write: Write, documents: dict[str, Any]) -> None:
    folder = write("name: H")
    (folder / "pier.yaml").write_text("name: P")

    assert errors(folder, documents) == ["sites/pier.yaml:1: site files end in .yml; rename it"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, documents: dict[str, Any]) -> None:
    assert errors(tmp_path / "sites", documents) == ["sites:1: the folder is missing"]


def told(knowledge: Knowledge, symptoms: Iterable[str]) -> str:
    """All that a talk about each symptom tells: routine, why, articles, where they differ, and direct questions."""
    service = Service(knowledge, Reader(knowledge, None), MemoryStore(), country="GB")
    replies = []
    for symptom in symptoms:
        service.open(symptom)
        for message in (
            Message(text=f"I am a runner with {knowledge.symptoms[symptom].label} and one style of training"),
            Message(choose=("none",), question="gate"),
            Message(choose=("none",), question="fit"),
            *(Message(text=text) for text in QUESTIONS),
        ):
            replies.append(service.handle(symptom, message).to_json())
    # What was typed comes back in `understood` and in notes.
    return json.dumps([[block for block in reply["blocks"] if block["type"] != "note"] for reply in replies])


QUESTIONS = (
    "why?",
    "which articles?",
    "where do they differ?",
    "what is piyo?",
    "how do I do piyo?",
    "how long should I do piyo?",
    "does piyo help?",
    "what is the melt method?",
)


def test_a_hidden_practice_is_nowhere(knowledge: Knowledge) -> None:
    symptoms = ("tight_hips", "low_back_pain", "hindered_breathing", "limited_hip_motion", "runner_fatigue")
    assert "piyo" in told(knowledge, symptoms).casefold()
    hidden = without(knowledge, Hidden(practices=("piyo",)))

    said = told(hidden, symptoms).casefold()
    allowed = [hidden.sources["secret_of_the_psoas"].interest, *hidden.claims]  # what she sells; permanent ids
    for text in allowed:
        said = said.replace(text.casefold(), "")
    assert "piyo" not in said
    assert "vary_training" in said  # the other practice of the same claims


@pytest.mark.parametrize("practice", ["piyo", "melt_rebalance", "runners_lunge", "constructive_rest"])
def test_no_id_of_a_hidden_practice_is_left(practice: str, knowledge: Knowledge) -> None:
    hidden = without(knowledge, Hidden(practices=(practice,)))

    assert practice not in hidden.practices
    assert practice not in hidden.phrases.practices
    assert practice not in hidden.scopes
    assert all(practice not in (*claim.practices, *claim.about) for claim in hidden.claims.values())
    assert all(practice not in scope.practices for entry in hidden.cautions.values() for scope in entry.applies)
    assert all(practice not in entry.practices for entry in hidden.disagreements.values())
    for fact in (*knowledge.symptoms, *knowledge.contexts):
        assert all(practice not in fired.claim.practices for fired in hidden.index.match({fact}).fired)


@pytest.mark.parametrize("ids", [("piyo",), ("melt_rebalance", "melt_mini_foot"), ("professional_release",)])
def test_what_is_left_stands_on_something(ids: tuple[str, ...], knowledge: Knowledge) -> None:
    check_consistent(without(knowledge, Hidden(practices=ids)))


@pytest.mark.parametrize("source", sorted(path.stem for path in (ROOT / "rules" / "sources").glob("*.yml")))
def test_a_hidden_source_is_nowhere(source: str, knowledge: Knowledge) -> None:
    hidden = without(knowledge, Hidden(sources=(source,)))
    title = knowledge.sources[source].title

    check_consistent(hidden)
    assert all(claim.source != source for claim in hidden.claims.values())
    assert not [id_ for ids in hidden.explaining.values() for id_ in ids if id_.startswith(f"{source}/")]
    assert all(
        passage.source != source
        for entry in hidden.disagreements.values()
        for side in entry.sides
        for passage in side.passages
    )
    said = told(hidden, ("tight_hips", "anxiety", "low_back_pain"))
    assert source not in said
    assert title not in said


def check_consistent(knowledge: Knowledge) -> None:
    """Nothing leads to what is not there, and nothing stands without a claim or a place."""
    suggested = set()
    for claim in knowledge.claims.values():
        assert claim.source == "ours" or claim.source in knowledge.sources
        assert set(claim.practices) <= knowledge.practices.keys()
        assert claim.kind != "explains" or (claim.about and claim.says)
        assert claim.kind == "explains" or claim.practices
        assert claim.enforced_by is None or claim.enforced_by in knowledge.cautions
        suggested |= set(claim.practices) if claim.kind not in ("explains", "against") else set()
    for practice in knowledge.practices.values():
        assert practice.safe_floor or (practice.id in suggested and practice.described)
    for caution in knowledge.cautions.values():
        assert caution.applies
        assert caution.passage is None or caution.passage.source in knowledge.sources
    for entry in knowledge.disagreements.values():
        assert entry.sides and (entry.single_source or len(entry.sides) > 1)
        assert entry.whole_routine or entry.practices or entry.symptoms


def test_a_disagreement_with_one_side_left_is_of_a_single_source(knowledge: Knowledge) -> None:
    hidden = without(knowledge, Hidden(sources=("psoas_and_strength_training",)))

    assert not knowledge.disagreements["d02_manual_release"].single_source
    entry = hidden.disagreements["d02_manual_release"]
    assert entry.single_source
    assert [passage.source for side in entry.sides for passage in side.passages] == ["seven_secrets"]


def test_articles_of_one_mind_are_no_disagreement(knowledge: Knowledge) -> None:
    assert len(knowledge.disagreements["d04_culprit"].sides) == 2
    hidden = without(knowledge, Hidden(sources=("psoas_and_strength_training",)))

    assert "d04_culprit" not in hidden.disagreements


def test_cautions_and_safety_rules_of_a_hidden_source_stay(knowledge: Knowledge) -> None:
    hidden = without(knowledge, Hidden(sources=("psoas_and_strength_training",)))
    caution = knowledge.cautions["c01_stretch_when_lengthened"]

    assert hidden.safety == knowledge.safety
    assert hidden.cautions["c01_stretch_when_lengthened"] == replace(caution, passage=None)
    for practice in hidden.practices.keys() & knowledge.scopes.keys():
        assert [(id_, scope.effect, scope.when) for id_, scope in hidden.scopes[practice]] == [
            (id_, scope.effect, scope.when) for id_, scope in knowledge.scopes[practice]
        ]


def test_the_safe_floor_stays_whatever_is_hidden(knowledge: Knowledge) -> None:
    hidden = without(knowledge, Hidden(practices=("sit_less",), sources=tuple(knowledge.sources)))

    assert hidden.floor_practices() == knowledge.floor_practices()
    assert set(hidden.practices) == set(hidden.floor_practices())
    assert hidden.disagreements == {}


def test_what_is_hidden_is_in_the_key(knowledge: Knowledge) -> None:
    one, other = Hidden(practices=("piyo", "melt_rebalance")), Hidden(practices=("melt_rebalance", "piyo"))

    assert without(knowledge, Hidden()) is knowledge
    assert without(knowledge, one).key == without(knowledge, other).key
    keys = {knowledge.key, without(knowledge, one).key, without(knowledge, Hidden(sources=("seven_secrets",))).key}
    assert len(keys) == 3


def test_a_pack_adds_a_source_and_replaces_a_file(write: Write, documents: dict[str, Any]) -> None:
    folder = write("name: Harbour\npacks: [leaflets]")
    (folder / "leaflets/rules/sources").mkdir(parents=True)
    (folder / "leaflets/rules/sources/leaflet.yml").write_text(LEAFLET, "utf-8")
    lines = (ROOT / "rules/topics.yml").read_text("utf-8").replace("label: the psoas", "label: your psoas")
    (folder / "leaflets/rules/topics.yml").write_text(lines, "utf-8")
    site = load_sites(folder, documents)["harbour"]

    assert site_roots(demo(), folder) == [ROOT]
    assert site_roots(site, folder) == [ROOT, folder / "leaflets"]
    knowledge = load_knowledge(site_roots(site, folder))
    assert knowledge.sources["leaflet"].title == "Our leaflet"
    assert knowledge.topics["the_psoas"].label == "your psoas"
    fired = [fired.claim.id for fired in knowledge.index.match({"tight_hips"}).fired]
    assert {"leaflet/hips_rest", "tight_hips_melt/tight_hips_melt"} <= set(fired)
    assert [problem for problem in check_all(sites=folder) if not problem.warning] == []


def test_the_check_command_tells_of_sites_and_packs(write: Write) -> None:
    write("name: ''", "empty.yml")
    folder = write("name: Harbour\npacks: [leaflets]")
    (folder / "leaflets/rules/sources").mkdir(parents=True)
    (folder / "leaflets/rules/sources/leaflet.yml").write_text(LEAFLET.replace("_rest]", "_rets]"), "utf-8")
    done = CliRunner().invoke(cli, ["check", "--sites", str(folder)])

    assert done.exit_code == 1
    assert [line for line in done.output.splitlines() if "warning" not in line] == [
        "sites/empty.yml:1: name must not be empty",
        'sites/leaflets/rules/sources/leaflet.yml:12: unknown practice "constructive_rets"'
        ' (did you mean "constructive_rest"?)',
    ]


def test_a_site_that_says_more_than_the_service_keeps_is_told_at_the_start(write: Write) -> None:
    settings = Settings(
        sites=str(write("name: Harbour\nretention_minutes: 60")), cache=str(cache_folder()), store="memory:"
    )
    told = server.check(replace(settings, workers=1))

    assert 'site "harbour" forgets a talk after 30 idle minutes, not 60: SUPPLE_IDLE_MINUTES is less' in told


@pytest.mark.parametrize(("own", "minutes"), [("", 60), ("retention_minutes: 20", 20), ("retention_minutes: 90", 60)])
def test_a_site_keeps_talks_as_long_as_the_service_unless_it_says_less(write: Write, own: str, minutes: int) -> None:
    folder = str(write(f"name: Harbour\n{own}"))
    services = build_services(MemoryStore(idle=3600), sites=folder, cache=str(cache_folder()))

    assert services["harbour"].idle_minutes == minutes
