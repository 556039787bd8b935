from pathlib import Path
from typing import Any

from litestar import Litestar, Request, get
from litestar.contrib.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig

from vite import tags

TEMPLATES = Path(__file__).parent / "templates"


@get("/", sync_to_thread=True)
def index(request: Request[Any, Any, Any]) -> Template:
    return Template("index.html", context={"tags": tags("src/main.__X__", request.app.debug)})


@get("/api/hello", sync_to_thread=False)
def hello() -> Template:
    return Template("hello.html", context={"message": "Hello from Litestar"})


app = Litestar(
    route_handlers=[index, hello],
    template_config=TemplateConfig(directory=TEMPLATES, engine=JinjaTemplateEngine),
)
