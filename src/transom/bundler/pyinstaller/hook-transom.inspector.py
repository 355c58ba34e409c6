"""PyInstaller's hook for the inspector, in programs that import it: its page."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("transom.inspector")
