# PyGObject makes its modules at run time, from the typelibs of the machine. The runtimes take what they need from them
# as `Any` and give it types of their own.
__version__: str

def require_version(namespace: str, version: str) -> None: ...
