"""`plugins.updater` of the configuration."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["UpdaterConfig"]


class UpdaterConfig(msgspec.Struct, frozen=True, rename="camel"):
    """`plugins.updater` of the configuration.

    Attributes:
        pubkey: The public key, as `transom signer generate` prints it.
        endpoints: Addresses of the manifest, asked in this order; `{{target}}`, `{{arch}}`, `{{current_version}}`
            and `{{bundle_type}}` in them are replaced.
        dangerous_insecure_transport_protocol: Whether endpoints may be `http`.
        dangerous_accept_invalid_certs: Refused: set it in Tauri only.
        windows: Options of Windows' installers, which are not used.
    """

    pubkey: str
    endpoints: tuple[str, ...] = ()
    dangerous_insecure_transport_protocol: bool = False
    dangerous_accept_invalid_certs: bool = False
    windows: Any = None
