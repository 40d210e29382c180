"""``python -m warehouse.sample FOLDER [--seed N]``: put the bundled sample into an inbox, once."""

import argparse
from pathlib import Path

from warehouse.sample import SEED, manifest


def main() -> None:
    """Write the sample unless the same version is already there; print one line either way."""
    parser = argparse.ArgumentParser(prog="python -m warehouse.sample", description=__doc__)
    parser.add_argument("folder", type=Path, help="inbox; its texts/sample and prices/sample are replaced")
    parser.add_argument("--seed", type=int, default=SEED, help="another crowd, another market")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    version = manifest.fingerprint(seed=asked.seed)
    found = manifest.current(folder, version) or _make(folder, asked.seed, version)
    counts = "{texts:,} texts, {tickers} tickers, {sessions} sessions".format_map(found)
    print(f"sample: {counts} → {asked.folder}")


def _make(folder: Path, seed: int, version: str) -> dict[str, object]:
    # Imported only when there is something to make: numpy and a calendar take longer than the check above.
    from pipelines.terminal import bar
    from warehouse.sample.files import PARTS, write
    from warehouse.sample.market import simulate

    with bar(PARTS, "parts", lambda: "of the sample made") as shown:
        return manifest.seal(folder, version, write(folder, simulate(seed), shown.update))


if __name__ == "__main__":
    main()
