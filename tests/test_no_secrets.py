"""No secret is among the files of the repository. Not here: secrets in what a run says (``test_web_secrets.py``)."""

import math
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from pipelines.settings import ROOT

# The forms in which keys are issued, as gitleaks (MIT) knows them, and anything random given to a name of a secret.
SECRETS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY",
    "AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})",
    "Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/T\w+",
    "JSON web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "Google key": r"\bAIza[\w-]{35}\b",
    "live key": r"\b[rs]k[_-](?:live|proj|ant)[\w-]{16,}",
    "password in an address": r"://[^/\s:@'\"{}<>]+:[^/\s:@'\"{}<>]{3,}@[\w-]",
}
ASSIGNED = re.compile(
    r"(?i)(?:key|secret|token|password|passwd|salt)s?[\"']?(?:\s*[:=]\s*[\"']|=)(?P<value>[^\s\"'#,;(){}<>$]{12,})"
)
INVENTED = re.compile(r"(?i)invented|of-a-test|example|user:pass|another-secret")
RANDOM_BITS = (
    3.3  # of Shannon a character: words and names of variables have fewer, 16 hex digits of chance mostly more
)


def secrets_in(text: str) -> list[str]:
    """What in a text looks like a secret, each with its line; what says that it is invented does not."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        hits = [(what, hit.group()) for what, form in SECRETS.items() for hit in re.finditer(form, line)]
        hits += [("random value", hit["value"]) for hit in ASSIGNED.finditer(line) if is_random(hit["value"])]
        found += [f"line {number}: {what}: {hit[:12]}…" for what, hit in hits if not INVENTED.search(line)]
    return found


def is_random(value: str) -> bool:
    """Letters and digits, mixed as chance would."""
    counts = Counter(value).values()
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
    return bits > RANDOM_BITS and any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def git(*words: str) -> str:
    """What git says of this clone; skipped where this is none."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no clone of git")
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_no_secret_is_among_the_files_that_git_ships() -> None:
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    assert ".env" not in {Path(name).name for name in names}
    paths = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in paths}
    found = {path.relative_to(ROOT).as_posix(): secrets_in(text) for path, text in texts.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_dot_env_is_ignored_by_git_and_landed_answers_and_databases_are_too() -> None:
    names = [".env", "warehouse/landing/x", "warehouse/crowdtape.duckdb", "warehouse/inbox/texts/x", ".dagster/x"]
    assert git("check-ignore", *names).split() == names


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "aws = AKIA" + "Q3EGRIZXNB4NYTWB",
        "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
        "xoxb-" + "2837465019-abcdefghij",
        "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJlb2Y",
        "CROWDTAPE_REDDIT_CLIENT_SECRET" + "=k3Jd9-sLq02_ZxVb7TnYw4",
        'KEYS = {"alphavantage_key": "' + 'Q7X2M9K4B1Z8W5TR"}',
        "CROWDTAPE_AUTHOR_SALT" + "=9f86d081884c7d659a2feaa0c55ad015",
        "https://reader" + ":hunter2@feeds.somewhere.net/rss",
    ],
)
def test_a_planted_secret_is_found(planted: str, tmp_path: Path) -> None:
    (tmp_path / "settings.txt").write_text(f"# settings\n{planted}\n")
    assert secrets_in((tmp_path / "settings.txt").read_text())
