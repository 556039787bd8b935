"""A library of books, with an API, its OpenAPI description and a WebSocket."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Litestar, get, post, websocket_listener
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig


@dataclass
class NewBook:
    title: str
    author: str


@dataclass
class Book(NewBook):
    id: int


BOOKS = {
    1: Book(id=1, title="The Left Hand of Darkness", author="Ursula K. Le Guin"),
    2: Book(id=2, title="Invisible Cities", author="Italo Calvino"),
    3: Book(id=3, title="Kindred", author="Octavia E. Butler"),
}


@get("/api/books")
async def list_books() -> list[Book]:
    return list(BOOKS.values())


@get("/api/books/{book_id:int}")
async def get_book(book_id: int) -> Book:
    if book_id not in BOOKS:
        raise NotFoundException(f"There is no book {book_id}")
    return BOOKS[book_id]


@post("/api/books")
async def add_book(data: NewBook) -> Book:
    book = Book(id=max(BOOKS) + 1, title=data.title, author=data.author)
    BOOKS[book.id] = book
    return book


@websocket_listener("/api/echo")
async def echo(data: str) -> str:
    return data


app = Litestar(
    route_handlers=[list_books, get_book, add_book, echo],
    openapi_config=OpenAPIConfig(title="Library", version="1.0.0"),
)
