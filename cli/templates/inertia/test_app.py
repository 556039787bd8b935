from litestar.testing import TestClient

from app import app
from inertia import version

VISIT = {"x-inertia": "true", "x-inertia-version": version(is_dev=False)}


def test_home() -> None:
    with TestClient(app) as client:
        page = client.get("/", headers=VISIT).json()
        assert page["component"] == "Home"
        assert page["props"]["message"] == "Hello from Litestar"


def test_unknown_path() -> None:
    with TestClient(app) as client:
        response = client.get("/unknown", headers=VISIT)
        assert response.status_code == 404
        assert response.json()["component"] == "Missing"
