from __future__ import annotations

import gzip
import io
import itertools
import json
import tarfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import context, running
from tests.plugins.guests import Guests, guests
from tests.plugins.http.server import Handler, Server, server
from tests.plugins.updater.minisign import Signer
from tests.requirements import needs_openssl
from transom.app import Builder
from transom.errors import ConfigError
from transom.plugins import updater
from transom.plugins.updater import _ed25519
from transom.plugins.updater._fetch import fetch
from transom.plugins.updater._minisign import PublicKey, Signature, SignatureError, verify
from transom.plugins.updater._version import version_key

PACKAGE = "@tauri-apps/plugin-updater"
APP_IMAGE = b"\x7fELF" + bytes(range(256)) * 2000


class UpdateHandler(Handler):
    """Answers with what the test has put under the path."""

    def on_hello(self, body: bytes) -> None:
        answer = self.server.files.get(self.path)  # type: ignore[attr-defined]
        if answer is None:
            self.answer(404)
        else:
            self.answer(204 if answer == b"" else 200, answer)


class Site:
    """An update server with a signed release."""

    def __init__(self, there: Server, signer: Signer) -> None:
        there.RequestHandlerClass = UpdateHandler
        self.files: dict[str, bytes] = {}
        there.files = self.files  # type: ignore[attr-defined]
        self.there, self.signer, self.url = there, signer, there.url

    def release(self, version: str = "2.0.0", package: bytes = APP_IMAGE, **fields: Any) -> None:
        machine = {"signature": self.signer.signature(package), "url": f"{self.url}/package"}
        manifest = {"version": version, "notes": "better", "pub_date": "2026-01-02T03:04:05Z"}
        manifest |= {"platforms": {"linux-x86_64": machine}} | fields
        self.files["/latest.json"] = json.dumps(manifest).encode()
        self.files["/package"] = package


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    needs_openssl()
    return Signer(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def site(signer: Signer) -> Iterator[Site]:
    with server() as there:
        yield Site(there, signer)


def config(site: Site, **fields: Any) -> dict[str, Any]:
    endpoint = f"{site.url}/latest.json"
    fixed = {"pubkey": site.signer.pubkey, "endpoints": [endpoint], "dangerousInsecureTransportProtocol": True}
    return {"updater": fixed | fields}


@pytest.fixture(scope="module")
def page(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guests]:
    with guests(
        tmp_path_factory.mktemp("updater"),
        updater.init(),
        permissions=["updater:default", "core:default"],
        packages=[PACKAGE],
        plugins=config(site),
        version="1.2.3",
    ) as page:
        yield page


CHECK = "const update = await plugin.check({target: 'linux-x86_64'});"


def test_a_newer_version_is_found_with_what_the_manifest_says(page: Guests, site: Site) -> None:
    site.release()
    script = CHECK + "return [update.version, update.currentVersion, update.date, update.body, update.rawJson.notes];"
    assert page.run(PACKAGE, script) == ["2.0.0", "1.2.3", "2026-01-02T03:04:05Z", "better", "better"]


def test_headers_reach_the_server(page: Guests, site: Site) -> None:
    site.release()
    page.run(PACKAGE, "await plugin.check({target: 'linux-x86_64', headers: {Authorization: 'Bearer x'}})")
    assert site.there.asked[-1][2]["authorization"] == "Bearer x"


@pytest.mark.parametrize("version", ["1.2.3", "1.2.2", "v1.2.3-beta.1"])
def test_a_version_that_is_not_newer_is_none(page: Guests, site: Site, version: str) -> None:
    site.release(version)
    assert page.run(PACKAGE, "return await plugin.check({target: 'linux-x86_64'})") is None


def test_version_2_0_of_the_package_is_told_that_there_is_none(site: Site, tmp_path: Path) -> None:
    plugin = updater.init(guest="2.0")
    permissions = ["updater:default", "core:default"]
    with guests(tmp_path, plugin, permissions=permissions, plugins=config(site), version="1.2.3") as page:
        site.release("1.2.3")
        assert page.run("tauri-plugin-updater-2.0", "return await plugin.check({target: 'linux-x86_64'})") is None
        site.release("2.0.0")
        script = "const found = await plugin.check({target: 'linux-x86_64'}); return [found.available, found.version];"
        assert page.run("tauri-plugin-updater-2.0", script) == [True, "2.0.0"]


def test_an_older_version_is_found_when_the_page_allows_it(page: Guests, site: Site) -> None:
    site.release("1.0.0")
    script = "return (await plugin.check({target: 'linux-x86_64', allowDowngrades: true})).version"
    assert page.run(PACKAGE, script) == "1.0.0"


def test_a_dynamic_server_may_have_nothing_or_one_platform(page: Guests, site: Site) -> None:
    site.files["/latest.json"] = b""
    assert page.run(PACKAGE, "return await plugin.check()") is None
    site.release(platforms=None, url=f"{site.url}/package", signature=site.signer.signature(APP_IMAGE))
    assert page.run(PACKAGE, "return (await plugin.check()).version") == "2.0.0"


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (b"{", "the manifest cannot be read"),
        (b'{"version": 5}', "the manifest cannot be read"),
        (b'{"version": "new"}', "is not a version"),
        (b'{"version": "9.0.0", "pub_date": "yesterday"}', "the manifest cannot be read"),
        (None, "answers 404"),
    ],
)
def test_a_wrong_manifest_rejects(page: Guests, site: Site, manifest: bytes | None, said: str) -> None:
    if manifest is None:
        del site.files["/latest.json"]
    else:
        site.files["/latest.json"] = manifest
    text = page.fails(PACKAGE, "await plugin.check()")
    assert text.startswith("Could not fetch a valid release JSON from the remote")
    assert said in text


def test_a_manifest_for_other_platforms_rejects(page: Guests, site: Site) -> None:
    site.release()
    said = page.fails(PACKAGE, "await plugin.check({target: 'amiga-68k'})")
    assert said == "the platform `amiga-68k` was not found on the response `platforms` object"


DOWNLOAD = (
    CHECK
    + """
const events = [];
await update.download((event) => events.push(event));
const sizes = events.filter(({ event }) => event === 'Progress').map(({ data }) => data.chunkLength);
"""
)


def test_a_download_tells_its_progress_and_installs_over_the_appimage(
    page: Guests, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running_image = tmp_path / "app.AppImage"
    running_image.write_bytes(b"\x7fELFold")
    running_image.chmod(0o755)
    monkeypatch.setenv("APPIMAGE", str(running_image))
    monkeypatch.setenv("APPDIR", "/")
    site.release()
    script = DOWNLOAD + (
        "await update.install(); await update.close();"
        "return [events[0], events.at(-1), sizes.reduce((sum, size) => sum + size, 0)]"
    )
    size = len(APP_IMAGE)
    assert page.run(PACKAGE, script) == [
        {"event": "Started", "data": {"contentLength": size}},
        {"event": "Finished"},
        size,
    ]
    assert running_image.read_bytes() == b"\x7fELFold"  # the next start puts it in place: test_swap.py
    new = tmp_path / ".app.AppImage.update"
    assert new.read_bytes() == APP_IMAGE
    assert new.stat().st_mode & 0o777 == 0o755
    assert {path.name for path in tmp_path.iterdir()} == {"app.AppImage", new.name, f"{new.name}.json"}


def test_an_archive_with_the_appimage_is_installed_too(
    page: Guests, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running_image = tmp_path / "app.AppImage"
    running_image.write_bytes(b"\x7fELFold")
    monkeypatch.setenv("APPIMAGE", str(running_image))
    monkeypatch.setenv("APPDIR", "/")
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        member = tarfile.TarInfo("../app.AppImage")
        member.size = len(APP_IMAGE)
        archive.addfile(member, io.BytesIO(APP_IMAGE))
    site.release(package=made.getvalue())
    page.run(PACKAGE, CHECK + "await update.downloadAndInstall()")
    assert (tmp_path / ".app.AppImage.update").read_bytes() == APP_IMAGE
    for broken in (made.getvalue()[:2000], gzip.compress(b"no archive"), b"MZ no AppImage"):
        site.release(package=broken)
        assert "updater|install: the " in page.fails(PACKAGE, CHECK + "await update.downloadAndInstall()")
    assert running_image.read_bytes() == b"\x7fELFold"
    assert [path.name for path in tmp_path.iterdir()] == ["app.AppImage"]


def test_without_an_appimage_install_says_what_is_missing(
    page: Guests, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APPIMAGE", raising=False)
    site.release()
    assert "runs from its source, which an update cannot replace" in page.fails(
        PACKAGE, DOWNLOAD + "await update.install()"
    )


def test_what_is_not_signed_with_the_key_is_not_used(page: Guests, site: Site, tmp_path: Path) -> None:
    site.release()
    changed = APP_IMAGE[:-1] + b"!"
    site.files["/package"] = changed
    assert "does not belong to the downloaded file" in page.fails(PACKAGE, DOWNLOAD)
    other = Signer(tmp_path, b"87654321")
    platforms = {"linux-x86_64": {"signature": other.signature(APP_IMAGE), "url": f"{site.url}/package"}}
    site.release(platforms=platforms)
    assert "another key" in page.fails(PACKAGE, DOWNLOAD)
    platforms["linux-x86_64"]["signature"] = "nonsense"
    site.release(platforms=platforms)
    assert "the update cannot be used" in page.fails(PACKAGE, DOWNLOAD)
    platforms["linux-x86_64"] = {"signature": site.signer.signature(APP_IMAGE), "url": "file:///etc/passwd"}
    site.release(platforms=platforms)
    assert "neither http nor https" in page.fails(PACKAGE, DOWNLOAD)


def test_a_download_that_is_cut_off_rejects(page: Guests, site: Site) -> None:
    signature = site.signer.signature(b"only this")
    site.release(platforms={"linux-x86_64": {"signature": signature, "url": f"{site.url}/cut"}})
    assert "the update" in page.fails(PACKAGE, DOWNLOAD)


def test_a_time_that_no_system_can_wait_is_a_day(site: Site) -> None:
    site.release()
    with fetch(f"{site.url}/latest.json", "application/json", (), 1e300, None) as answer:
        assert answer.status == 200


def test_python_has_the_same(site: Site) -> None:
    site.release()
    fields = {"plugins": config(site), "version": "1.0.0"}
    app = Builder().plugin(updater.init()).build(context("main", **fields), "mock")
    found = updater.check(app.handle(), target="linux-x86_64")
    assert found is not None
    with found.download() as file:
        file.seek(0)
        assert file.read() == APP_IMAGE


@pytest.mark.parametrize(
    "fields",
    [
        {"pubkey": "nonsense"},
        {"endpoints": "x"},
        {"dangerousInsecureTransportProtocol": False},
        {"dangerousAcceptInvalidCerts": True},
    ],
)
def test_a_wrong_configuration_ends_the_start(site: Site, fields: dict[str, Any]) -> None:
    app = Builder().plugin(updater.init()).build(context("main", plugins=config(site, **fields)), "mock")
    with pytest.raises(ConfigError):
        app.run()


def test_a_page_of_an_application_without_configuration_is_told() -> None:
    with running(builder=Builder().plugin(updater.init())) as application, pytest.raises(ConfigError):
        updater.check(application.app.handle())


# Signatures

# https://www.rfc-editor.org/rfc/rfc8032#section-7.1, tests 1 to 3.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_are_valid_and_no_change_of_them(key: str, message: str, signature: str) -> None:
    public, text, signed = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert _ed25519.is_valid(public, signed, [text])
    assert not _ed25519.is_valid(public, signed, [text, b"x"])
    for index in range(0, 64, 7):
        changed = bytes(byte ^ (1 if place == index else 0) for place, byte in enumerate(signed))
        assert not _ed25519.is_valid(public, changed, [text])
    order = 2**252 + 27742317777372353535851937790883648493
    larger = int.from_bytes(signed[32:], "little") + order
    assert not _ed25519.is_valid(public, signed[:32] + larger.to_bytes(32, "little"), [text])
    assert not _ed25519.is_valid(public[:-1], signed, [text])


def test_a_key_of_small_order_accepts_nothing() -> None:
    identity = (1).to_bytes(32, "little")
    assert not _ed25519.is_valid(identity, identity + bytes(32), [b"anything"])


@pytest.mark.parametrize("hashed", [True, False])
def test_both_kinds_of_signatures_and_their_comments_are_checked(signer: Signer, hashed: bool) -> None:
    key = PublicKey.parse(signer.pubkey)
    text = signer.signature(b"data" * 1000, hashed=hashed)
    verify(key, Signature.parse(text), [b"data"] * 1000)
    verify(key, Signature.parse(b64decode(text).decode()), [b"data"] * 1000)
    with pytest.raises(SignatureError, match="downloaded file"):
        verify(key, Signature.parse(text), [b"date"])
    forged = b64encode(b64decode(text).replace(b"timestamp:1", b"timestamp:2")).decode()
    with pytest.raises(SignatureError, match="comment"):
        verify(key, Signature.parse(forged), [b"data"] * 1000)


@pytest.mark.parametrize(
    "text", ["", "x", "untrusted comment: a\nb", "untrusted comment: a\nYQ==\ntrusted comment: \nYQ=="]
)
def test_damaged_signatures_and_keys_are_refused(text: str) -> None:
    with pytest.raises(SignatureError):
        Signature.parse(text)
    with pytest.raises(SignatureError):
        PublicKey.parse(text)


def test_versions_have_the_order_of_the_standard() -> None:
    order = "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.10.0".split()
    keys = [version_key(version) for version in order]
    assert all(before < after for before, after in itertools.pairwise(keys))
    assert version_key("v1.0.0+build") == version_key("1.0.0")
    for wrong in ("1", "1.2", "1.2.3.4", "latest", ""):
        with pytest.raises(ValueError, match="is not a version"):
            version_key(wrong)
