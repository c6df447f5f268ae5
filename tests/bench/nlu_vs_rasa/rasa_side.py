"""Rasa's part, for its own interpreter: `rasa_side.py train PROJECT` and `rasa_side.py read PROJECT IN OUT`."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

MODEL = "bench"


def train(project: Path) -> None:
    """Train the NLU model of a project folder."""
    from rasa.model_training import train_nlu

    made = train_nlu(
        str(project / "config.yml"),
        str(project / "data"),
        str(project / "models"),
        fixed_model_name=MODEL,
        domain=str(project / "domain.yml"),
    )
    if not made:
        sys.exit("Rasa trained no model")


async def read(project: Path, texts: list[str], warm: int) -> dict[str, Any]:
    """What DIET finds in each text, and how long it took, in seconds."""
    began = time.perf_counter()
    from rasa.core.agent import Agent

    agent = Agent.load(str(project / "models" / f"{MODEL}.tar.gz"))
    await agent.parse_message("hello")
    start = time.perf_counter() - began
    for text in texts[:warm]:
        await agent.parse_message(text)
    readings, seconds = [], []
    for text in texts:
        began = time.perf_counter()
        parsed = await agent.parse_message(text)
        seconds.append(time.perf_counter() - began)
        found = [
            {"entity": one["entity"], "value": one["value"], "role": one.get("role")}
            for one in parsed["entities"]
            if one["extractor"] == "DIETClassifier"
        ]
        readings.append({"intent": parsed["intent"]["name"], "entities": found})
    return {"readings": readings, "seconds": seconds, "start": start}


def main() -> None:
    """One of the two commands."""
    command, project, *rest = sys.argv[1:]
    if command == "train":
        train(Path(project))
        return
    texts = json.loads(Path(rest[0]).read_text("utf-8"))
    told = asyncio.run(read(Path(project), texts["texts"], texts["warm"]))
    Path(rest[1]).write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main()
