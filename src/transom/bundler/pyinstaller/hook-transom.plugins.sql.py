"""PyInstaller's hook for the plugin sql: the drivers that are installed."""

from importlib.util import find_spec

hiddenimports = [driver for driver in ("psycopg", "psycopg_binary", "aiomysql") if find_spec(driver)]
