"""The cost of an evaluation grows with the claims that match, not with all claims. Ratios, measured in one run."""

from collections.abc import Callable
from time import process_time

from bot.knowledge.claim_index import ClaimIndex
from bot.model.claims import Claim
from bot.model.words import Condition

FACTS = 200
MATCHING = 20


def claims(total: int) -> list[Claim]:
    """`total` claims, of which always the same few name the facts that are asked about."""
    whens = [Condition(any_of=frozenset({"asked"})) for _ in range(MATCHING)]
    whens += [
        Condition(all_of=frozenset({f"fact_{n % FACTS}", f"fact_{(n * 7) % FACTS}"})) for n in range(total - MATCHING)
    ]
    return [
        Claim(id=f"s/{number}", source="s", kind="explicit", practices=("p",), when=when, says="")
        for number, when in enumerate(whens)
    ]


def seconds(run: Callable[[], object], times: int = 300) -> float:
    best = float("inf")
    for _ in range(5):
        start = process_time()
        for _ in range(times):
            run()
        best = min(best, process_time() - start)
    return best / times


def test_what_ten_times_the_claims_cost() -> None:
    small, large = ClaimIndex(claims(1_000)), ClaimIndex(claims(10_000))
    few, many = (seconds(lambda index=index: index.match({"asked"})) for index in (small, large))
    loop = seconds(lambda: [claim for claim in claims_large if claim.condition().holds(frozenset({"asked"}))], times=10)

    ratio = f"{many / few:.2f} times"
    print(f"\n{MATCHING} of 1,000 claims match: {few * 1e6:.0f} us; of 10,000: {many * 1e6:.0f} us ({ratio})")
    print(f"a plain loop over 10,000: {loop * 1e6:.0f} us ({loop / many:.0f} times the index)")


claims_large = claims(10_000)
