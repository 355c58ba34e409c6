"""Keys and signatures are those of minisign and of Tauri's signer, both ways."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from tests.requirements import needs_cryptography, needs_minisign
from transom.bundler import SecretKey, _signer, secret_text, sign_file, write_keys
from transom.cli import main
from transom.errors import AuthorError
from transom.plugins.updater import PublicKey, Signature, SignatureError, verify

PASSWORD = "geheim"


@pytest.fixture(scope="module")
def key() -> SecretKey:
    needs_cryptography()
    return SecretKey.generate()


def test_minisign_accepts_our_signatures_and_signs_with_our_keys(key: SecretKey, tmp_path: Path) -> None:
    minisign = needs_minisign()
    package = tmp_path / "package.deb"
    package.write_bytes(bytes(range(256)) * 5000)
    signed = sign_file(key, package)
    assert signed == tmp_path / "package.deb.sig"
    for name, text in (("key", key.text(PASSWORD)), ("pub", key.public_text()), ("sig", signed.read_text())):
        (tmp_path / name).write_bytes(b64decode(text))
    command = [minisign, "-V", "-m", package, "-p", tmp_path / "pub", "-x", tmp_path / "sig"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "file:package.deb" in said
    command = [minisign, "-S", "-m", package, "-s", tmp_path / "key", "-x", tmp_path / "theirs", "-t", "own comment"]
    subprocess.run(command, input=f"{PASSWORD}\n", capture_output=True, text=True, check=True, timeout=60)
    theirs = Signature.parse((tmp_path / "theirs").read_text())
    assert theirs.comment == "own comment"
    verify(PublicKey.parse(key.public_text()), theirs, [package.read_bytes()])


@pytest.mark.slow
def test_a_key_is_read_with_its_password_only(key: SecretKey) -> None:
    text = key.text(PASSWORD)
    assert SecretKey.parse(text, PASSWORD) == key
    assert SecretKey.parse(b64decode(text).decode(), PASSWORD) == key
    for wrong in ("", "Geheim"):
        with pytest.raises(AuthorError, match="the password of the private key is wrong"):
            SecretKey.parse(text, wrong)
    assert SecretKey.parse(key.text()) == key
    assert key.text() != key.text()  # the salt
    assert key.seed.hex() not in repr(key)
    assert str(key.seed) not in repr(key)


def test_the_costs_are_those_of_libsodium() -> None:
    assert _signer._costs(1 << 20, 1 << 25) == (1 << 15, 1)  # Tauri's
    assert _signer._costs(1 << 25, 1 << 30) == (1 << 20, 1)  # minisign's
    assert _signer._costs(32768, 1 << 30) == (1 << 10, 1)
    assert _signer._costs(1 << 24, 1 << 24) == (1 << 14, 32)


@pytest.mark.parametrize("damage", ["", "x", "dW50cnVzdGVk", "untrusted comment: a\nYQ==", "untrusted comment: a"])
def test_what_is_no_key_is_named(damage: str) -> None:
    with pytest.raises(AuthorError, match="not in minisign's format"):
        SecretKey.parse(damage)


def test_a_key_that_asks_for_too_much_memory_is_refused(key: SecretKey) -> None:
    box = b64decode(key.text()).decode().splitlines()
    data = bytearray(b64decode(box[1]))
    data[46:54] = (1 << 40).to_bytes(8, "little")
    with pytest.raises(AuthorError, match="not in minisign's format"):
        SecretKey.parse(f"{box[0]}\n{b64encode(data).decode()}\n")


def test_key_files_are_for_their_owner_and_are_not_replaced_unasked(
    key: SecretKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys" / "app.key"
    assert write_keys(key, "", path) == tmp_path / "keys" / "app.key.pub"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    with pytest.raises(AuthorError, match="exists"):
        write_keys(SecretKey.generate(), "", path)
    assert path.read_text() == before
    with monkeypatch.context() as patched:  # such as on a full disk
        patched.setattr(os, "open", _refused)
        with pytest.raises(AuthorError, match="No space left on device"):
            write_keys(SecretKey.generate(), "", path, force=True)
    assert path.read_text() == before
    write_keys(SecretKey.generate(), "", path, force=True)
    assert path.read_text() != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in path.parent.iterdir()) == ["app.key", "app.key.pub"]


def _refused(*_: object, **__: object) -> int:
    raise OSError(28, "No space left on device")


def test_the_key_comes_from_the_options_or_from_tauris_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TAURI_SIGNING_PRIVATE_KEY", "TAURI_SIGNING_PRIVATE_KEY_PATH"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "a.key"
    file.write_text("of a file")
    assert secret_text() is None
    monkeypatch.setenv("TAURI_SIGNING_PRIVATE_KEY_PATH", str(file))
    assert secret_text() == "of a file"
    monkeypatch.setenv("TAURI_SIGNING_PRIVATE_KEY", "text")
    assert secret_text() == "text"
    monkeypatch.setenv("TAURI_SIGNING_PRIVATE_KEY", str(file))
    assert secret_text() == "of a file"
    assert secret_text("given") == "given"
    with pytest.raises(AuthorError, match="cannot be read"):
        secret_text(None, tmp_path / "missing")


@pytest.mark.slow
def test_the_command_line_makes_keys_signs_and_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_cryptography()
    monkeypatch.delenv("TAURI_SIGNING_PRIVATE_KEY_PASSWORD", raising=False)
    key, package = str(tmp_path / "app.key"), tmp_path / "app.tar.gz"
    package.write_bytes(b"packed")
    assert main(["signer", "generate", "-w", key, "--password", PASSWORD]) == 0
    assert main(["signer", "generate", "--ci"]) == 0
    assert main(["signer", "sign", "-f", key, "-p", PASSWORD, str(package)]) == 0
    assert main(["signer", "verify", str(package), "--pubkey", f"{key}.pub"]) == 0
    config = tmp_path / "tauri.conf.json"
    config.write_text(
        json.dumps({"identifier": "a.b", "plugins": {"updater": {"pubkey": Path(f"{key}.pub").read_text()}}})
    )
    assert main(["signer", "verify", str(package), "--project", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["signer", "sign", "-f", key, "-p", "wrong", str(package)]) == 1
    assert main(["signer", "sign", "-f", key, str(package)]) == 1  # nobody can be asked
    package.write_bytes(b"changed")
    assert main(["signer", "verify", str(package), "--pubkey", f"{key}.pub"]) == 1
    said = capsys.readouterr().err
    assert "password of the private key is wrong" in said
    assert "password is missing" in said
    assert "does not belong to the downloaded file" in said


def test_a_signature_says_which_file_it_is_for(key: SecretKey, tmp_path: Path) -> None:
    odd = tmp_path / "a\nb"
    odd.write_bytes(b"x")
    signature = Signature.parse(sign_file(key, odd).read_text())
    assert signature.comment.endswith("\tfile:a?b")
    with pytest.raises(SignatureError):
        verify(PublicKey.parse(SecretKey.generate().public_text()), signature, [b"x"])
