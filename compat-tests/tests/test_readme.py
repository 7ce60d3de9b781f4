"""The README's program runs as it stands there."""

import os
import subprocess
import sys

from server import HOME


def program():
    with open(os.path.join(HOME, "README.md")) as file:
        text = file.read()
    lines = text[text.index("python - <<'PY'\n"):text.index("    PY\n")].splitlines()[1:]
    return "\n".join(line.removeprefix("    ") for line in lines)


def test_the_program_of_the_readme_runs(server):
    result = subprocess.run([sys.executable, "-"], input=program(), env=server.environment(), cwd=HOME, timeout=300,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert result.returncode == 0, result.stdout
    assert "slope=2.000;" in result.stdout
    assert "[8.]" in result.stdout, result.stdout
