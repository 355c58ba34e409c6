"""Extracts of a tree are bounded, and say what they leave out."""

from hypothesis import given
from hypothesis import strategies as st

from atlas._messages import Piece
from atlas._tree import Folder, Found, Tree
from atlas._view import LISTED, files_by_size, largest, ordered, problems, view


def file(name: str, size: int, kind: str = "code", inode: int = 0) -> Found:
    return Found(name, kind, size, float(size), 1, inode, 2 if inode else 1)


def tree_of(shape: dict[str, object]) -> Tree:
    tree = Tree("/top")
    fill(tree, tree.root, shape)
    return tree


def fill(tree: Tree, folder: Folder, shape: dict[str, object]) -> None:
    for name, value in shape.items():
        if isinstance(value, dict):
            (inner,) = tree.fill(folder, [Found(name, "folder", 0, 1.0, 1, 0, 2)])
            fill(tree, inner, value)
        elif isinstance(value, int):
            tree.fill(folder, [file(name, value)])


def pieces(piece: Piece) -> list[Piece]:
    return [piece, *(inner for child in piece.children for inner in pieces(child))]


def test_children_come_largest_first_and_to_the_depth_asked() -> None:
    tree = tree_of({"a": {"b": {"c": 5}}, "big": 10})
    shown = view(tree, tree.root, 1, 2).tree
    assert [child.name for child in shown.children] == ["big", "a"]
    assert [piece.name for piece in pieces(shown)] == ["top", "big", "a", "b"]


def test_the_way_down_is_named() -> None:
    tree = tree_of({"a": {"b": {"c": 5}}})
    inner = tree.find("/top/a/b")[0]
    assert isinstance(inner, Folder)
    assert [crumb.name for crumb in view(tree, inner, 1, 2).crumbs] == ["top", "a", "b"]


def test_a_huge_folder_becomes_a_bounded_view() -> None:
    tree = tree_of({"many": {f"{number}": 100 for number in range(5000)}, "one": 7})
    shown = view(tree, tree.root, 1, 6, pieces=300)
    listed = pieces(shown.tree)
    # The folder itself and the 300; what is directly in the folder comes in any case.
    assert len(listed) <= 301 + len(shown.tree.children)
    many = shown.tree.children[0]
    assert many.rest_files + len(many.children) == 5000
    assert many.rest_size + sum(child.size for child in many.children) == many.size
    assert [child.name for child in shown.tree.children] == ["many", "one"]


def test_what_is_directly_in_the_folder_is_listed_however_small() -> None:
    tree = tree_of({"huge": 10**12, **{f"{number}": 0 for number in range(LISTED + 50)}})
    shown = view(tree, tree.root, 1, 3).tree
    assert len(shown.children) == LISTED
    assert shown.rest_files == 51


shapes = st.recursive(
    st.integers(0, 1000),
    lambda inner: st.dictionaries(st.text("abcdef", min_size=1, max_size=2), inner, max_size=5),
    max_leaves=40,
)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), shapes, max_size=5), st.integers(1, 30))
def test_every_open_piece_is_the_sum_of_its_parts(shape: dict[str, object], limit: int) -> None:
    tree = tree_of(shape)
    for piece in pieces(view(tree, tree.root, 1, 4, limit).tree):
        if piece.children:
            assert piece.size == piece.rest_size + sum(child.size for child in piece.children)
            assert piece.rest_size >= 0


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), shapes, max_size=5), st.integers(1, 12))
def test_the_largest_files_are_those_a_full_sort_gives(shape: dict[str, object], limit: int) -> None:
    tree = tree_of(shape)
    sizes = sorted(
        (entry.size for entry in tree.walk(tree.root) if not isinstance(entry, Folder) and entry.size), reverse=True
    )
    assert [row.size for row in largest(tree, tree.root, 1, limit)] == sizes[:limit]


def test_rows_sort_by_any_column() -> None:
    rows = largest(tree_of({"b": {"Zed.py": 3}, "alpha.py": 2}), tree_of({}).root, 1, 10)
    assert rows == []
    tree = tree_of({"b": {"Zed.py": 3}, "alpha.py": 2})
    rows = largest(tree, tree.root, 1, 10)
    assert [row.name for row in ordered(rows, "name", False)] == ["alpha.py", "Zed.py"]
    assert [row.folder for row in ordered(rows, "folder", True)] == ["b", ""]
    assert [row.size for row in ordered(rows, "size", False)] == [2, 3]


def test_only_files_that_could_be_alike_are_compared() -> None:
    tree = tree_of({"a": 5, "b": 5, "c": 6, "empty": 0, "void": 0})
    tree.fill(tree.root, [file("linked", 5, inode=9), file("twin", 5, inode=9), file("link", 5, kind="link")])
    assert {size: sorted(entry.name for entry in group) for size, group in files_by_size(tree, tree.root).items()} == {
        5: ["a", "b", "linked"]
    }


def test_unreadable_folders_are_listed() -> None:
    tree = tree_of({"a": {}})
    folder = tree.find("/top/a")[0]
    assert isinstance(folder, Folder)
    tree.fail(folder, "permission denied")
    assert [(item.path, item.reason) for item in problems(tree, 10)] == [("/top/a", "permission denied")]
    assert problems(tree, 0) == []
