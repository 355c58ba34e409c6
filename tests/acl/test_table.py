from __future__ import annotations

from tests.acl.core_permissions import core_manifests
from transom.acl import Caller, CapabilityBuilder, Grant, Origin
from transom.acl._resolved import resolve
from transom.acl._table import AccessTable

LOCAL = Origin.local()
CALLER = Caller("w", "v", LOCAL)


def empty() -> AccessTable:
    return AccessTable({}, {}, {})


def test_a_table_with_more_entries_is_another_table() -> None:
    capability = CapabilityBuilder("c").window("*").permission("allow-a").permission("deny-b").build()
    before = empty()
    after = before.extended(resolve(capability, core_manifests(), "linux"))
    assert [len(table.allowing("a", CALLER)) for table in (before, after)] == [0, 1]
    assert [len(table.denying("b", CALLER)) for table in (before, after)] == [0, 1]


def test_a_grant_is_remembered_for_the_same_caller_only() -> None:
    table = empty()
    grant = table.remember(Grant("scan", "v"), CALLER)
    assert table.remembered("scan", "w", "v", LOCAL) is grant
    others = [("scna", "w", "v", LOCAL), ("scan", "x", "v", LOCAL), ("scan", "w", "x", LOCAL)]
    assert [table.remembered(*other) for other in [*others, ("scan", "w", "v", Origin.remote(""))]] == [None] * 4
    remote = Caller("w", "v", Origin.remote("https://example.org"))
    table.remember(Grant("read", "v"), remote)
    assert table.remembered("read", *remote) is not None
    assert table.remembered("read", *CALLER) is None
    assert table.extended(resolve(CapabilityBuilder("c").build(), core_manifests(), "linux")).remembered(
        "scan", "w", "v", LOCAL
    ) is None  # fmt: skip


def test_names_that_a_page_invents_fill_a_bounded_memory() -> None:
    table = empty()
    for number in range(1024):
        table.remember(Grant(f"n{number}", "v"), CALLER)
    assert all(table.remembered(f"n{number}", "w", "v", LOCAL) for number in range(1024))
    for number in range(5000):
        table.remember(Grant(f"n{number}", "v"), CALLER)
    kept = [number for number in range(5000) if table.remembered(f"n{number}", "w", "v", LOCAL)]
    assert kept[-1] == 4999
    assert len(kept) <= 1024


def test_long_names_and_addresses_are_not_kept() -> None:
    table = empty()
    longest = table.remember(Grant("n" * 512, "v"), CALLER)
    assert table.remembered("n" * 512, "w", "v", LOCAL) is longest
    for command, origin in (("n" * 513, LOCAL), ("scan", Origin.remote("https://a/" + "x" * 512))):
        grant = Grant(command, "v")
        assert table.remember(grant, Caller("w", "v", origin)) is grant
        assert table.remembered(command, "w", "v", origin) is None
