from __future__ import annotations

from pathlib import Path

import msgspec

from tests.mock_app import Running, context
from transom.config import BuildConfig
from transom.handles import Asset, AssetResolver


def test_the_application_finds_what_its_pages_find(tmp_path: Path) -> None:
    (tmp_path / "dist" / "scripts").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<p>here", "utf-8")
    (tmp_path / "dist" / "scripts" / "main.js").write_bytes(b"go()")
    (tmp_path / "dist" / ".secret").write_text("no", "utf-8")
    (tmp_path / "outside.txt").write_text("no", "utf-8")
    config = msgspec.structs.replace(context().config, folder=tmp_path, build=BuildConfig(frontend_dist="dist"))
    resolver = AssetResolver(config)
    home = Asset(b"<p>here", "text/html; charset=utf-8")
    assert resolver.get("/scripts/main.js") == Asset(b"go()", "text/javascript; charset=utf-8")
    assert resolver.get("scripts/main.js") == resolver.get("/scripts/main.js")
    assert [resolver.get(path) for path in ("/", "/a/route")] == [home, home]
    assert [resolver.get(path) for path in ("/.secret", "/../outside.txt")] == [None, None]
    assert list(resolver.iter()) == [("/index.html", b"<p>here"), ("/scripts/main.js", b"go()")]


def test_without_a_built_front_end_there_is_nothing(tmp_path: Path) -> None:
    resolver = AssetResolver(msgspec.structs.replace(context().config, folder=tmp_path / "nowhere"))
    assert resolver.get("/index.html") is None
    assert list(resolver.iter()) == []


def test_an_application_has_one(application: Running) -> None:
    found = application.app.asset_resolver().get(f"/{Path(__file__).parent.name}/{Path(__file__).name}")
    assert found is not None
    assert found.bytes == Path(__file__).read_bytes()
