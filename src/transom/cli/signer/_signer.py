"""`transom signer`: the keys and signatures of updates."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from ...errors import AuthorError

__all__ = ["add_signer"]


def add_signer(parser: argparse.ArgumentParser) -> None:
    """Add `generate`, `sign` and `verify`, with the options of Tauri's own signer."""
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    generate = verbs.add_parser(
        "generate",
        help="make a key pair: one for all updates of an application, for ever",
        epilog="example: transom signer generate -w ~/.transom/word-count.key",
    )
    generate.add_argument(
        "-w", "--write-keys", type=Path, metavar="FILE", help="write FILE and FILE.pub (default: print both)"
    )
    generate.add_argument("-f", "--force", action="store_true", help="replace the files if they exist")
    generate.add_argument(
        "--ci", action="store_true", help="ask for nothing: without --password, the password is empty"
    )
    _add_password(generate)
    generate.set_defaults(run=_generate)
    sign = verbs.add_parser(
        "sign",
        help="sign a package; the signature is written beside it",
        epilog="example: transom signer sign -f ~/.transom/word-count.key word-count_0.2.0_amd64.deb",
    )
    sign.add_argument("file", type=Path, help="the package")
    sign.add_argument(
        "-k", "--private-key", metavar="TEXT", help="the private key (default: TAURI_SIGNING_PRIVATE_KEY)"
    )
    sign.add_argument(
        "-f",
        "--private-key-path",
        type=Path,
        metavar="FILE",
        help="the private key's file (default: TAURI_SIGNING_PRIVATE_KEY_PATH)",
    )
    _add_password(sign)
    sign.set_defaults(run=_sign)
    verify = verbs.add_parser(
        "verify",
        help="check the signature of a package as an application does",
        epilog="example: transom signer verify word-count_0.2.0_amd64.deb",
    )
    verify.add_argument("file", type=Path, help="the package")
    verify.add_argument("--signature", type=Path, metavar="FILE", help="the signature (default: <file>.sig)")
    verify.add_argument(
        "--pubkey", metavar="KEY", help="the public key or its file (default: plugins.updater.pubkey of the project)"
    )
    verify.add_argument("--project", type=Path, default=Path(), help="the project's folder (default: the current one)")
    verify.set_defaults(run=_verify)


def _add_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-p",
        "--password",
        help="the private key's password (default: TAURI_SIGNING_PRIVATE_KEY_PASSWORD, else it is asked)",
    )


def _generate(options: argparse.Namespace) -> int:
    from ...bundler import SecretKey, write_keys

    key = SecretKey.generate()
    password = _password(options, twice=True, ask=not options.ci)
    if options.write_keys is None:
        print(f"private key:\n{key.text(password)}\n\npublic key:\n{key.public_text()}")
    else:
        public = write_keys(key, password, options.write_keys, force=options.force)
        print(
            f"private key: {options.write_keys}\npublic key: {public}\n\nplugins.updater.pubkey:\n{key.public_text()}"
        )
    print(
        "\nKeep the private key and its password: without them, installed applications accept no update.",
        file=sys.stderr,
    )
    return 0


def _password(options: argparse.Namespace, *, twice: bool = False, ask: bool = True) -> str:
    given: str | None = options.password
    if given is None:
        given = os.environ.get("TAURI_SIGNING_PRIVATE_KEY_PASSWORD")
    if given is not None or not ask:
        return given or ""
    if not sys.stdin.isatty():
        raise AuthorError(
            "the private key's password is missing: give --password or set TAURI_SIGNING_PRIVATE_KEY_PASSWORD, empty for none"
        )
    password = getpass.getpass("password of the private key (empty for none): ")
    if twice and getpass.getpass("again: ") != password:
        raise AuthorError("the two passwords are not the same; try again")
    return password


def _sign(options: argparse.Namespace) -> int:
    from ...bundler import sign_file

    print(sign_file(private_key(options), options.file))
    return 0


def private_key(options: Any) -> Any:
    """Return the private key of the options or of the environment.

    Raises:
        AuthorError: There is none, or it cannot be read.
    """
    from ...bundler import SecretKey, secret_text

    text = secret_text(options.private_key, options.private_key_path)
    if text is None:
        raise AuthorError(
            "there is no private key: give --private-key-path or --private-key, or set TAURI_SIGNING_PRIVATE_KEY"
        )
    return SecretKey.parse(text, _password(options))


def _verify(options: argparse.Namespace) -> int:
    from ...plugins import updater

    path = options.signature or options.file.with_name(f"{options.file.name}.sig")
    try:
        key = updater.PublicKey.parse(_public_key(options))
        signature = updater.Signature.parse(path.read_text("utf-8"))
        with options.file.open("rb") as file:
            updater.verify(key, signature, updater.parts_of(file))
    except updater.SignatureError as error:
        raise AuthorError(f"{options.file}: {error}") from None
    except OSError as error:
        raise AuthorError(
            f"{error.filename} cannot be read: {error.strerror}; name a package beside its signature"
        ) from None
    except UnicodeDecodeError:
        raise AuthorError(f"{path} is not a signature; `transom signer sign` makes one") from None
    print(f"{options.file} is signed with the key; {signature.comment}")
    return 0


def _public_key(options: argparse.Namespace) -> str:
    if options.pubkey is None:
        from ...project import load_config

        found = (load_config(options.project.resolve()).plugins.get("updater") or {}).get("pubkey")
        if not isinstance(found, str):
            raise AuthorError("there is no public key: give --pubkey, or set plugins.updater.pubkey of tauri.conf.json")
        return found
    path = Path(options.pubkey)
    is_file = len(options.pubkey) < 1000 and path.is_file()
    return path.read_text("utf-8") if is_file else str(options.pubkey)
