"""secret_generator: its end."""

import os
import subprocess
import sys


def test_it_ends_when_its_pod_is_terminated(tmp_path):
    (tmp_path / "namespace").write_text("mlflow")
    program = (
        "import os, signal\n"
        "import secret_generator.__main__ as program\n"
        "program.Api = lambda: os.kill(os.getpid(), signal.SIGTERM)\n"
        "program.main(['login'])\n"
    )
    env = os.environ | {"SERVICE_ACCOUNT_PATH": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", program], check=False, env=env, capture_output=True)
    assert (ended.returncode, ended.stderr) == (143, b"")
