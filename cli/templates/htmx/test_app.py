from litestar.testing import TestClient

from app import app


def test_hello_is_part_of_a_page() -> None:
    with TestClient(app) as client:
        response = client.get("/api/hello")
        assert response.status_code == 200
        assert "Hello from Litestar" in response.text


def test_unknown_path() -> None:
    with TestClient(app) as client:
        assert client.get("/unknown").status_code == 404
