from litestar.testing import TestClient

from app import app


def test_hello() -> None:
    with TestClient(app) as client:
        response = client.get("/api/hello")
        assert response.status_code == 200
        assert response.json() == {"message": "Hello from Litestar"}


def test_unknown_path() -> None:
    with TestClient(app) as client:
        assert client.get("/api/unknown").status_code == 404
