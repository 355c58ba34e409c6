"""Runs in a bundle before its program: puts an update that lies beside the application in place, or takes one back."""


def _begin() -> None:
    import os
    import sys
    from pathlib import Path

    if any(word == "--multiprocessing-fork" or word.startswith("from multiprocessing.") for word in sys.argv[1:]):
        return  # a worker process of a running application
    image = os.environ.get("APPIMAGE")
    mounted = os.path.realpath(os.environ.get("APPDIR") or os.devnull)
    if not Path("/proc/self/exe").resolve().is_relative_to(mounted):
        image = None  # that of an editor or a terminal, which this program inherited
    app = Path(image).resolve() if image else Path(sys.executable).parent
    started = os.environ.pop("TRANSOM_UPDATE_STARTED", None)
    if not os.access(app.parent, os.W_OK):  # a package, which its manager replaces
        return
    try:
        is_there = any(app.with_name(f".{app.name}.update{suffix}").exists() for suffix in ("", ".json"))
        if is_there and started is None:
            from transom.plugins import updater

            command = [image or sys.executable, *sys.argv[1:]]
            updater.begin(app, command, {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"})
        import fcntl

        # Open until the end: another program does not replace the application meanwhile.
        fcntl.flock(os.open(app, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        sys.stderr.write(f"an update cannot be put in place: {error}\n")


_begin()
