"""`plugin:sql|*`: databases of SQLite, PostgreSQL and MySQL, for pages and for Python (Tauri: `tauri_plugin_sql`).

A page uses `@tauri-apps/plugin-sql`. Python uses the same databases:

    from transom.plugins import sql

    database = await sql.load(app, "sqlite:notes.db")
    rows = await database.select("SELECT * FROM notes WHERE id = $1", [1])
"""

from ._databases import Database, Databases, load
from ._migrations import Migration, MigrationKind
from ._plugin import init

__all__ = ["Database", "Databases", "Migration", "MigrationKind", "init", "load"]
