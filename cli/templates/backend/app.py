from dataclasses import dataclass

from litestar import Litestar, get


@dataclass
class Hello:
    message: str


@get("/api/hello", operation_id="hello", sync_to_thread=False)
def hello() -> Hello:
    return Hello(message="Hello from Litestar")


app = Litestar(route_handlers=[hello])
