"""``make bench``: run every benchmark, or those named."""

import importlib
import pkgutil
import platform
import sys
from pathlib import Path

import benchmarks

SHARED = Path(__file__).parents[2] / "shared" / "data"


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all."""
    known = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__")
    unknown = sorted(set(names) - set(known))
    if unknown:
        sys.exit(f"unknown benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    if not SHARED.is_dir():
        sys.exit("the benchmarks run on real data in ../shared/data, which is not here")
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    for name in names or known:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main(SHARED)


if __name__ == "__main__":
    main(sys.argv[1:])
