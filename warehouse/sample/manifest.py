"""What the sample on disk was made from, so that it is made once. Not here: making it (``files``).

Light on purpose: a second run pays for reading one small file, not for loading numpy and a calendar.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

OWN_FOLDER = "sample"  # below texts/ and prices/: what other hands dropped beside it is never touched


def roots(folder: Path) -> tuple[Path, Path, Path]:
    """The sample's folders for texts, for prices, and for the truth, which lies outside the inbox."""
    return folder / "texts" / OWN_FOLDER, folder / "prices" / OWN_FOLDER, folder.parent / "truth"


def fingerprint(**asked: float) -> str:
    """Hash of the generator's sources and of what it was asked for."""
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    here = Path(__file__).parent
    for source in sorted([*here.glob("*.py"), *here.glob("*.toml")]):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()


def current(folder: Path, version: str) -> dict[str, Any] | None:
    """The manifest of the sample in ``folder``, or None if it is another version, or not whole."""
    try:
        manifest = json.loads(_path(folder).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    is_whole = manifest.get("version") == version and manifest.get("files") == _sizes(folder)
    return manifest if is_whole else None


def seal(folder: Path, version: str, counts: dict[str, int]) -> dict[str, Any]:
    """Write the manifest, last and atomically: a sample that was cut short has none."""
    manifest = {"version": version, **counts, "files": _sizes(folder)}
    draft = _path(folder).with_suffix(".json.part")
    draft.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(_path(folder))
    return manifest


def _path(folder: Path) -> Path:
    return folder.parent / "sample.json"


def _sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder.parent).as_posix(): path.stat().st_size
        for root in roots(folder)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
