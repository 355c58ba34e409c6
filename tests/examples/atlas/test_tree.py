"""A tree always adds up, whatever is put in and taken out."""

from hypothesis import given
from hypothesis import strategies as st

from atlas._names import FILE_KINDS
from atlas._tree import Entry, Folder, Found, Tree


def file(
    name: str, size: int = 10, *, inode: int = 0, links: int = 1, kind: str = "code", modified: float = 1.0
) -> Found:
    return Found(name, kind, size, modified, 1, inode, links)


def folder(name: str, inode: int = 0) -> Found:
    return Found(name, "folder", 0, 1.0, 1, inode, 2)


def check_sums(tree: Tree) -> None:
    for entry in tree.walk(tree.root):
        assert tree.get(entry.id) is entry
        if not isinstance(entry, Folder):
            continue
        children = list(entry.children.values())
        folders = [child for child in children if isinstance(child, Folder)]
        assert entry.size == sum(child.size for child in children) == sum(entry.sizes)
        assert entry.folders == sum(child.folders + 1 for child in folders)
        assert entry.files == len(children) - len(folders) + sum(child.files for child in folders)
        assert min(entry.sizes) >= 0


def test_sizes_reach_every_folder_above() -> None:
    tree = Tree("/top")
    (inner,) = tree.fill(tree.root, [folder("a")])
    (deep,) = tree.fill(inner, [folder("b"), file("x.py", 5)])
    tree.fill(deep, [file("y.png", 7, kind="image")])
    assert (tree.root.size, inner.size, deep.size) == (12, 12, 7)
    assert (tree.root.files, tree.root.folders) == (2, 2)
    assert tree.root.sizes[FILE_KINDS.index("image")] == 7
    assert tree.path(deep.children["y.png"]) == "/top/a/b/y.png"


def test_a_name_that_is_reported_twice_counts_once() -> None:
    tree = Tree("/top")
    tree.fill(tree.root, [file("x"), file("x", 99)])
    assert tree.root.size == 10


def test_hard_links_count_once_and_the_next_name_takes_over() -> None:
    tree = Tree("/top")
    (inner,) = tree.fill(tree.root, [folder("a"), file("one", 50, inode=7, links=2)])
    tree.fill(inner, [file("two", 50, inode=7, links=2)])
    assert (tree.root.size, inner.size) == (50, 0)
    tree.remove(tree.root.children["one"])
    assert (tree.root.size, inner.size) == (50, 50)
    check_sums(tree)


def test_removing_a_folder_with_both_names_of_a_file_takes_its_size_away() -> None:
    tree = Tree("/top")
    (inner,) = tree.fill(tree.root, [folder("a")])
    tree.fill(inner, [file("one", 50, inode=7, links=2), file("two", 50, inode=7, links=2)])
    tree.remove(inner)
    assert (tree.root.size, tree.root.files, tree.root.folders) == (0, 0, 0)


def test_a_folder_that_was_seen_before_is_not_read_again() -> None:
    tree = Tree("/top", device=1, inode=2)
    assert tree.fill(tree.root, [folder("loop", inode=2)]) == []
    assert len(tree.problems) == 1


def test_what_is_removed_is_forgotten_by_number() -> None:
    tree = Tree("/top")
    (inner,) = tree.fill(tree.root, [folder("a")])
    tree.fill(inner, [file("x")])
    number = inner.children["x"].id
    tree.remove(inner)
    assert tree.get(number) is None
    assert tree.fill(inner, [file("late")]) == []
    assert tree.root.size == 0


def test_sync_reports_new_changed_and_gone_names() -> None:
    tree = Tree("/top")
    tree.fill(tree.root, [file("stays"), file("grows"), file("goes"), folder("old")])
    fresh, changed = tree.sync(tree.root, [file("stays"), file("grows", 30), folder("old"), folder("new")])
    assert [item.name for item in fresh] == ["new"]
    assert changed
    assert sorted(tree.root.children) == ["grows", "new", "old", "stays"]
    assert tree.root.size == 40
    assert tree.sync(tree.root, [file("stays"), file("grows", 30), folder("old"), folder("new")]) == ([], False)


def test_sync_replaces_a_file_by_a_folder_of_the_same_name() -> None:
    tree = Tree("/top")
    tree.fill(tree.root, [file("thing")])
    fresh, _ = tree.sync(tree.root, [folder("thing")])
    assert [type(item) for item in fresh] == [Folder]
    assert tree.root.size == 0


def test_a_path_with_replaced_bytes_finds_its_entry() -> None:
    tree = Tree("/top")
    tree.fill(tree.root, [folder("bad\udcff")])
    entry, exact = tree.find("/top/bad\ufffd")
    assert exact
    assert entry.name == "bad\udcff"
    nearest, exact = tree.find("/top/missing/deeper")
    assert not exact
    assert nearest is tree.root


names = st.sampled_from("abcd")
found = st.lists(
    st.builds(
        lambda name, is_folder, size, inode, kind: (
            folder(name, inode=100 + inode)
            if is_folder
            else file(name, size, inode=inode, links=2 if inode else 1, kind=kind)
        ),
        names,
        st.booleans(),
        st.integers(0, 1000),
        st.integers(0, 4),
        st.sampled_from([*FILE_KINDS, "link", "special"]),
    ),
    max_size=4,
    unique_by=lambda item: item.name,
)
steps = st.lists(st.tuples(st.sampled_from(["fill", "sync", "remove"]), st.integers(0, 30), found), max_size=25)


@given(steps)
def test_sums_hold_after_any_sequence_of_changes(changes: list[tuple[str, int, list[Found]]]) -> None:
    tree = Tree("/top")
    for verb, position, items in changes:
        entries: list[Entry] = list(tree.walk(tree.root))
        entry = entries[position % len(entries)]
        if verb == "remove" and entry is not tree.root:
            tree.remove(entry)
        elif isinstance(entry, Folder) and verb == "fill":
            tree.fill(entry, items)
        elif isinstance(entry, Folder):
            tree.sync(entry, items)
        check_sums(tree)
