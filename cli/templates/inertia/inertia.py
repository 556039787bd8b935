"""Inertia's protocol for Litestar, as far as pages go: https://inertiajs.com/docs/v3/core-concepts/the-protocol

litestar-vite (https://pypi.org/project/litestar-vite/) has all of it.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from litestar import Request, Response

ROOT = Path(__file__).parent
BUILD = ROOT / "dist"
#: What Vite adds to a page of its own.
DEV_TAGS = """<script type="module" src="/@vite/client"></script>__PREAMBLE__"""


def document(is_dev: bool) -> str:
    """The page of the front end: of the sources in development, of the build in production."""
    if is_dev:
        return (ROOT / "index.html").read_text().replace("<head>", f"<head>{DEV_TAGS}", 1)
    return (BUILD / "index.html").read_text()


def version(is_dev: bool) -> str:
    """Another one after each build: browsers with the old one load the document anew."""
    manifest = BUILD / ".vite" / "manifest.json"
    if is_dev or not manifest.exists():
        return ""
    return sha256(manifest.read_bytes()).hexdigest()[:16]


def render(
    request: Request[Any, Any, Any],
    component: str,
    props: dict[str, Any],
    status_code: int = 200,
) -> Response[Any]:
    """Answers a visit with the page as JSON, and everything else with the document that holds it."""
    is_dev = request.app.debug
    url = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    current = version(is_dev)
    page = {"component": component, "props": {"errors": {}, **props}, "url": url, "version": current}
    headers = {"vary": "X-Inertia"}
    if request.headers.get("x-inertia") != "true":
        html = document(is_dev).replace('<div id="app"></div>', root(page), 1)
        return Response(html, media_type="text/html", status_code=status_code, headers=headers)
    if request.method == "GET" and request.headers.get("x-inertia-version", "") != current:
        return Response(None, status_code=409, headers={**headers, "x-inertia-location": url})
    return Response(page, status_code=status_code, headers={**headers, "x-inertia": "true"})


def root(page: dict[str, Any]) -> str:
    """The element of the app; the page is text that no HTML parser takes for an end of the script."""
    text = json.dumps(page).replace("<", "\\u003c")
    return f'<script data-page="app" type="application/json">{text}</script><div id="app"></div>'
