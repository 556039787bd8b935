from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.exceptions import NotFoundException

from inertia import render


@get("/", sync_to_thread=True)
def home(request: Request[Any, Any, Any]) -> Response[Any]:
    return render(request, "Home", {"message": "Hello from Litestar"})


@get("/about", sync_to_thread=True)
def about(request: Request[Any, Any, Any]) -> Response[Any]:
    return render(request, "About", {"template": "__TEMPLATE__"})


@get("/api/hello", sync_to_thread=False)
def hello() -> dict[str, str]:
    return {"message": "Hello from Litestar"}


def missing(request: Request[Any, Any, Any], _: NotFoundException) -> Response[Any]:
    return render(request, "Missing", {"path": request.url.path}, 404)


app = Litestar(
    route_handlers=[home, about, hello],
    exception_handlers={NotFoundException: missing},
)
