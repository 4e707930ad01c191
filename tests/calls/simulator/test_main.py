"""The command itself, in a process of its own."""

import os
import subprocess
import sys

from calls.simulator.options import ROOT


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "calls.simulator", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_unusable_setting_ends_with_1_and_says_why() -> None:
    """On the error output, in lines that fit a terminal."""
    ended = run(
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="secret",
        TWILIO_API_URL="https://api.twilio.com",
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "TWILIO_API_URL=http://127.0.0.1:8001" in ended.stderr
    assert max(map(len, ended.stderr.splitlines())) <= 80


def test_simulator_imports_nothing_of_the_product() -> None:
    """Nor Django: they meet on the wire only."""
    code = (
        "import sys, calls.simulator.__main__\n"
        "print(*[name for name in sys.modules if name.split('.')[0] in ('django', 'chatbot') or"
        " name.startswith('calls.') and not name.startswith('calls.simulator')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == ""
