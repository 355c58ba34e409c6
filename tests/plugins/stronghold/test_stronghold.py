from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running
from tests.plugins.guests import guests
from tests.plugins.plugin_app import at_home, rejection, with_plugins
from tests.plugins.windowed import windowed
from tests.requirements import needs_stronghold_packages
from transom.plugins import stronghold
from transom.plugins.stronghold import _stronghold as inner
from transom.plugins.stronghold import _strongholds
from transom.runtimes._mock import MockPage

PACKAGE = "@tauri-apps/plugin-stronghold"
COMMANDS = ("destroy", "remove-store-record", "remove-secret")
PERMISSIONS = ("stronghold:default", *(f"stronghold:allow-{name}" for name in COMMANDS))
PATH = "vault.hold"


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    needs_stronghold_packages()
    return at_home(monkeypatch, tmp_path)


@pytest.fixture
def application(data: Path) -> Iterator[Running]:
    with with_plugins(stronghold.init(), permissions=PERMISSIONS) as application:
        yield application


def call(page: MockPage, name: str, **args: Any) -> Any:
    return page.invoke(f"plugin:stronghold|{name}", {"snapshotPath": PATH, **args})


def refusal(page: MockPage, name: str, **args: Any) -> Any:
    return rejection(page, f"plugin:stronghold|{name}", {"snapshotPath": PATH, **args})


def opened(page: MockPage, password: str = "secret") -> None:
    call(page, "initialize", password=password)
    call(page, "create_client", client="c")


def procedure(kind: str, **payload: Any) -> dict[str, Any]:
    return {"client": "c", "vault": "v", "procedure": {"type": kind, "payload": payload}}


def at(record: str, vault: str = "v") -> dict[str, Any]:
    return {"type": "Generic", "payload": {"vault": vault, "record": record}}


def test_what_is_saved_is_there_again_with_the_password(data: Path) -> None:
    with with_plugins(stronghold.init(), permissions=PERMISSIONS) as application:
        page = application.page
        opened(page)
        assert call(page, "save_store_record", client="c", key="k", value=[1, 2]) is None
        assert call(page, "save_store_record", client="c", key="k", value=[3]) == [1, 2]
        assert call(page, "get_store_record", client="c", key="k") == [3]
        assert call(page, "get_store_record", client="c", key="none") is None
        assert not (data / PATH).exists()
        call(page, "save")
        assert (data / PATH).stat().st_mode & 0o777 == 0o600
        call(page, "save_store_record", client="c", key="lost", value=[4])
    with with_plugins(stronghold.init(), permissions=PERMISSIONS) as application:
        page = application.page
        for wrong in ("Secret", ""):
            assert refusal(page, "initialize", password=wrong).startswith("the password is wrong")
        assert refusal(page, "load_client", client="c") == "stronghold not initialized"
        call(page, "initialize", password="secret")
        assert "the client is not loaded" in refusal(page, "get_store_record", client="c", key="k")
        assert "loading client data failed" in refusal(page, "load_client", client="other")
        call(page, "load_client", client="c")
        assert call(page, "get_store_record", client="c", key="k") == [3]
        assert call(page, "get_store_record", client="c", key="lost") is None
        assert call(page, "remove_store_record", client="c", key="k") == [3]
        assert call(page, "remove_store_record", client="c", key="k") is None
        call(page, "destroy")
        assert refusal(page, "load_client", client="c") == "stronghold not initialized"
        call(page, "initialize", password="secret")
        call(page, "load_client", client="c")
        assert call(page, "get_store_record", client="c", key="k") is None


def test_nothing_of_it_is_in_the_file(application: Running, data: Path) -> None:
    page = application.page
    opened(page, "pass-word-text")
    call(page, "save_store_record", client="c", key="key-text", value=list(b"value-text"))
    call(page, "save_secret", client="c", vault="vault-text", recordPath="record-text", secret=list(b"secret-text"))
    call(page, "save")
    first = (data / PATH).read_bytes()
    for text in (b"pass-word-text", b"key-text", b"value-text", b"vault-text", b"record-text", b"secret-text"):
        assert text not in first
    call(page, "save")
    assert (data / PATH).read_bytes() != first  # another nonce each time
    salt = next(data.parent.glob("**/salt.txt"))
    assert len(salt.read_bytes()) == 32
    assert salt.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda data: data[:-1], "the password is wrong, or the snapshot was changed"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "the password is wrong, or the snapshot was changed"),
        (lambda data: data[:25], "the password is wrong, or the snapshot was changed"),
        (lambda data: b"", "this file is not a snapshot"),
        (lambda data: b"PARTI" + data, "this is a snapshot of IOTA's Stronghold"),
        (lambda data: os.urandom(100), "this file is not a snapshot"),
    ],
)
def test_a_changed_file_is_refused_and_left_alone(application: Running, data: Path, change: Any, text: str) -> None:
    page = application.page
    opened(page)
    call(page, "save")
    changed = change((data / PATH).read_bytes())
    (data / PATH).write_bytes(changed)
    assert text in refusal(page, "initialize", password="secret")
    assert (data / PATH).read_bytes() == changed


def test_secrets_are_used_and_do_not_come_out(application: Running) -> None:
    page = application.page
    opened(page)
    assert call(page, "execute_procedure", **procedure("SLIP10Generate", output=at("seed"), sizeBytes=32)) == []
    derive = procedure("SLIP10Derive", chain=[0, 0], input={"type": "Seed", "payload": at("seed")}, output=at("key"))
    assert len(call(page, "execute_procedure", **derive)) == 32
    public = call(page, "execute_procedure", **procedure("PublicKey", type="Ed25519", privateKey=at("key")))
    signature = call(page, "execute_procedure", **procedure("Ed25519Sign", msg="text", privateKey=at("key")))
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    Ed25519PublicKey.from_public_bytes(bytes(public)).verify(bytes(signature), b"text")
    words = bytes(call(page, "execute_procedure", **procedure("BIP39Generate", output=at("mnemonic")))).decode()
    assert len(words.split()) == 24
    recover = procedure(
        "BIP39Recover", mnemonic=words, output={"type": "Counter", "payload": {"vault": "v", "counter": 1}}
    )
    assert call(page, "execute_procedure", **recover) == []
    call(page, "save_secret", client="c", vault="v", recordPath="mine", secret=list(range(32)))
    sign = procedure("Ed25519Sign", msg="text", privateKey=at("mine"))
    assert len(call(page, "execute_procedure", **sign)) == 64
    call(page, "remove_secret", client="c", vault="v", recordPath="mine")
    assert refusal(page, "execute_procedure", **sign) == "there is no record at this location"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Unknown", "payload": {}},
        {"type": ["SLIP10Generate"], "payload": {}},
        {},
        {"type": "SLIP10Generate", "payload": None},
        {"type": "SLIP10Generate", "payload": {"output": {"type": "Generic", "payload": {"vault": 5, "record": "r"}}}},
        {
            "type": "SLIP10Generate",
            "payload": {"output": {"type": "Counter", "payload": {"vault": "v", "counter": -1}}},
        },
        {"type": "SLIP10Generate", "payload": {"output": {"type": "Generic", "payload": {}}, "sizeBytes": 10**12}},
        {"type": "Ed25519Sign", "payload": {"msg": "a", "privateKey": {"type": "Other", "payload": {}}}},
    ],
)
def test_a_procedure_that_is_none_is_refused(application: Running, wrong: Any) -> None:
    opened(application.page)
    assert isinstance(refusal(application.page, "execute_procedure", client="c", procedure=wrong), str)


def test_a_value_may_end(application: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(application.page)
    lifetime = {"secs": 60, "nanos": 0}
    call(application.page, "save_store_record", client="c", key="k", value=[1], lifetime=lifetime)
    assert call(application.page, "get_store_record", client="c", key="k") == [1]
    now = inner.time.time()
    monkeypatch.setattr(inner.time, "time", lambda: now + 61)
    assert call(application.page, "get_store_record", client="c", key="k") is None


@pytest.mark.parametrize("path", ["../v.hold", "/etc/shadow", "link/v.hold", "", "a\0b", "a/../../../v"])
def test_a_page_cannot_keep_a_snapshot_elsewhere(application: Running, data: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    data.mkdir(parents=True, exist_ok=True)
    (data / "link").symlink_to(tmp_path / "elsewhere")
    text = refusal(application.page, "initialize", snapshotPath=path, password="p")
    assert "outside of the application's folders" in text or "is not empty" in text


def test_what_a_page_may_hold_is_bounded(application: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    page = application.page
    opened(page)
    monkeypatch.setattr(inner, "MOST_BYTES", 1000)
    assert "is full" in refusal(page, "save_secret", client="c", vault="v", recordPath="r", secret=[0] * 1001)
    for _ in range(3):  # what takes the place of another counts once
        call(page, "save_store_record", client="c", key="k", value=[0] * 800)
    call(page, "remove_store_record", client="c", key="k")
    call(page, "save_store_record", client="c", key="other", value=[0] * 800)
    call(page, "remove_store_record", client="c", key="other")
    for number in range(3):  # nor does what has gone count
        call(page, "save_secret", client="c", vault="v", recordPath="r", secret=[0] * 800)
        call(page, "save_secret", client="c", vault="v", recordPath="r", secret=[0] * 800)
        call(page, "remove_secret", client="c", vault="v", recordPath="r")
        ended = {"secs": 0, "nanos": 0}
        call(page, "save_store_record", client="c", key=f"k{number}", value=[0] * 800, lifetime=ended)
        assert call(page, "get_store_record", client="c", key=f"k{number}") is None
    monkeypatch.setattr(_strongholds, "MOST", 1)
    assert "are open already" in refusal(page, "initialize", snapshotPath="other.hold", password="p")


def test_by_default_nothing_can_be_removed(data: Path) -> None:
    with with_plugins(stronghold.init()) as application:
        opened(application.page)
        assert "not allowed" in refusal(application.page, "remove_store_record", client="c", key="k")


def test_an_author_chooses_the_hash(data: Path) -> None:
    with with_plugins(stronghold.init(password_hash=lambda password: password.encode() * 32)) as application:
        opened(application.page, "x")
        assert "has 64 bytes" in refusal(application.page, "initialize", snapshotPath="b", password="xx")
    assert not list(data.parent.glob("**/salt.txt"))


def test_the_key_is_overwritten_at_the_end(application: Running) -> None:
    found = inner.Stronghold(Path("/nonexistent/none"), b"k" * 32)
    key = found._key
    found.forget()
    assert key == bytes(32)


def test_the_default_hash_is_the_one_of_tauri(tmp_path: Path) -> None:
    needs_stronghold_packages()
    (tmp_path / "salt").write_bytes(bytes(range(32)))
    # Made with argon2-cffi: `hash_secret_raw(b"password", salt, 2, 19456, 1, 32, Type.ID)`, Argon2's version 0x13.
    expected = "fb45cd4ee9e3e3638cbe730ac083cdb86971339355117ffb093c4a4e4f0ce888"
    assert stronghold.argon2("password", tmp_path / "salt").hex() == expected


SCRIPT = """
const { Stronghold, Location } = plugin;
const hold = await Stronghold.load('vault.hold', 'secret');
let client;
try { client = await hold.loadClient('c'); } catch { client = await hold.createClient('c'); }
const store = client.getStore();
await store.insert('key', Array.from(new TextEncoder().encode('text')));
const vault = client.getVault('v');
await vault.insert('mine', [1, 2, 3]);
await vault.remove(Location.generic('v', 'mine'));
await vault.generateSLIP10Seed(Location.generic('v', 'seed'));
await vault.deriveSLIP10([0, 0], 'Seed', Location.generic('v', 'seed'), Location.generic('v', 'key'));
const key = await vault.getEd25519PublicKey(Location.generic('v', 'key'));
const signature = await vault.signEd25519(Location.generic('v', 'key'), 'text');
await hold.save();
await hold.unload();
const again = await Stronghold.load('vault.hold', 'secret');
const same = (await again.loadClient('c')).getStore();
const text = new TextDecoder().decode(await same.get('key'));
const refused = await Stronghold.load('vault.hold', 'other').catch((error) => error.slice(0, 21));
const removed = await same.remove('key');
return [text, key.length, signature.length, refused, removed.length, await same.get('key')];
"""
EXPECTED = ["text", 32, 64, "the password is wrong", 4, None]


def test_the_package_in_node(data: Path, tmp_path: Path) -> None:
    with guests(tmp_path, stronghold.init(), permissions=PERMISSIONS, packages=[PACKAGE]) as page:
        assert page.run(PACKAGE, SCRIPT) == EXPECTED
    assert (data / PATH).read_bytes().startswith(b"transom stronghold 1\n")


def test_the_package_in_a_window(tmp_path: Path, display: str) -> None:
    needs_stronghold_packages()
    environ = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    permissions = ["core:default", *PERMISSIONS]
    assert windowed(tmp_path / "app", display, PACKAGE, SCRIPT, permissions=permissions, environ=environ) == EXPECTED
    [file] = (tmp_path / "data").glob("*/vault.hold")
    assert b"text" not in file.read_bytes()
