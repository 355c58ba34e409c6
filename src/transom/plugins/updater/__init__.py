"""The plugin `updater`: finds, downloads and installs newer versions of the application (`@tauri-apps/plugin-updater`).

`Builder().plugin(updater.init())`, with endpoints and public key in `plugins.updater` of the configuration, as in Tauri:
the same servers, manifests and signatures work. `docs/ship.md` has the steps from a key to an update. Python has the same functions:

    update = updater.check(app)
    if update is not None:
        with update.download() as package:
            update.install(package)
"""

from ._bundle import BUNDLE_FILE, Bundle, running_image
from ._check import Update, check
from ._config import UpdaterConfig
from ._minisign import PublicKey, Signature, SignatureError, parts_of, verify
from ._plugin import init
from ._swap import begin

__all__ = [
    "BUNDLE_FILE",
    "Bundle",
    "PublicKey",
    "Signature",
    "SignatureError",
    "Update",
    "UpdaterConfig",
    "begin",
    "check",
    "init",
    "parts_of",
    "running_image",
    "verify",
]
