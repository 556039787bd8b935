"""Tags of the front end: of the sources while Vite serves them, of the build in production."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
MANIFEST = ROOT / "dist" / ".vite" / "manifest.json"
BASE = "/static/"


def tags(entry: str, is_dev: bool) -> str:
    """The tags that load an entry, as HTML."""
    if is_dev:
        return "\n".join(script(path) for path in ("@vite/client", entry))
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text())
    chunk = manifest[entry]
    styles = [f'<link rel="stylesheet" href="{BASE}{path}">' for path in chunk.get("css", [])]
    return "\n".join([*styles, script(chunk["file"])])


def script(path: str) -> str:
    return f'<script type="module" src="{BASE}{path}"></script>'
