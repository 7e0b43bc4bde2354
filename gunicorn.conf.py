"""What gunicorn reads by itself when it is started beside wsgi.py."""

import subprocess
import sys


def on_starting(_server: object) -> None:
    """Try in a process of its own whether the site may start, so that a wrong setting is said once, before there are workers.

    Workers would each say it, and gunicorn breaks with a traceback when a second one tells it that nothing can be loaded.
    """
    tried = subprocess.run([sys.executable, "-c", "import wsgi"], check=False)
    if tried.returncode:
        sys.exit(tried.returncode)
