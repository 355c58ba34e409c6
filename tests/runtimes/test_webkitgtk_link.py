"""The hand-over between a page's reply slots and its session, without a window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from transom.runtimes import Session
from transom.runtimes.webkitgtk.bulk._bulk import Bulk
from transom.runtimes.webkitgtk.webview._link import PageLink
from transom.values import LiftedBuffer
from transom.wire import Frame, Outbox

MIB = 1 << 20


class FakeSession(Session):
    """A queue with what goes to the page; `on_receive` runs while a batch is taken."""

    def __init__(self, link: PageLink) -> None:
        self.outbox = Outbox(1 << 40, 1 << 20)
        self.received: list[bytes] = []
        self.packs_sent: list[int] = []
        self.on_receive: Callable[[], None] = lambda: None
        self.closed = 0
        self._link = link

    def receive(self, batch: str | bytes | memoryview, tail: memoryview | None = None) -> None:
        self.received.append(batch.encode() if isinstance(batch, str) else bytes(batch))
        if tail is not None:
            self.received.append(bytes(tail))
        self.on_receive()

    def receive_chunk(self, frame: bytes | memoryview) -> None:
        self.receive(frame)

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        return self.outbox.take(max_bytes, inline_bytes)

    def pack_sent(self, number: int) -> None:
        self.packs_sent.append(number)
        if self.outbox.pack_sent(number):
            self._link.wake()

    def operate(self, name: str, *arguments: Any) -> None:
        raise AssertionError(f"the link needs nothing of the page, but asked for {name}")

    def close(self) -> None:
        self.closed += 1

    def push(self, message: bytes, size: int | None = None) -> None:
        buffers = () if size is None else (LiftedBuffer(b"[]", "ArrayBuffer", memoryview(bytes(size))),)
        if self.outbox.push(message, buffers):
            self._link.wake()


class Rig:
    def __init__(self) -> None:
        self.answers: list[tuple[str, bytes]] = []
        self.posted: list[Callable[[], None]] = []
        self.bulk = Bulk("token", lambda script: None)
        self.link = PageLink(lambda slot, text: self.answers.append((slot, text)), self.posted.append, self.bulk)
        self.session = FakeSession(self.link)
        self.link.open(self.session)

    def ask(self, slot: str, batch: bytes = b"[]") -> None:
        self.link.receive(memoryview(batch), slot)

    def turn(self) -> None:
        posted, self.posted[:] = list(self.posted), []
        for work in posted:
            work()


@pytest.fixture
def rig() -> Rig:
    return Rig()


def push_elsewhere(rig: Rig, message: bytes) -> None:
    thread = threading.Thread(target=rig.session.push, args=(message,))
    thread.start()
    thread.join()


def test_an_empty_batch_only_opens_a_slot(rig: Rig) -> None:
    rig.ask("a")
    assert rig.session.received == []
    assert rig.answers == []


def test_what_is_answered_at_once_goes_through_the_messages_own_slot(rig: Rig) -> None:
    rig.ask("oldest")
    rig.session.on_receive = lambda: rig.session.push(b"[0,1,2]")
    rig.ask("own", b"[[0,1]]")
    assert rig.session.received == [b"[[0,1]]"]
    assert rig.answers == [("own", b"[[0,1,2]]")]
    assert len(rig.posted) == 1
    rig.ask("next", b"[[0,1]]")
    assert len(rig.posted) == 1, "every message wakes the loop once more"
    rig.turn()
    assert rig.answers == [("own", b"[[0,1,2]]"), ("next", b"[[0,1,2]]")]


def test_what_a_command_sends_goes_down_while_it_shows_a_dialog(rig: Rig) -> None:
    def show() -> None:
        rig.session.push(b"[1]")
        rig.turn()  # the dialog's own loop
        push_elsewhere(rig, b"[2]")
        rig.turn()
        rig.session.push(b"[3]")
        rig.turn()
        assert [text for _, text in rig.answers] == [b"[[1]]", b"[[2]]", b"[[3]]"]

    rig.ask("a")
    rig.ask("b")
    rig.session.on_receive = show
    rig.ask("own", b"[[0]]")
    assert len(rig.answers) == 3


def test_what_comes_later_goes_through_the_newest_slot_and_then_the_oldest(rig: Rig) -> None:
    rig.ask("a")
    rig.ask("b")
    for slot in ("b", "a"):
        rig.session.push(b"[1]")
        rig.turn()
        assert rig.answers[-1] == (slot, b"[[1]]")


def test_what_finds_no_slot_goes_through_the_next_one(rig: Rig) -> None:
    rig.session.push(b"[1]")
    rig.turn()
    rig.session.push(b"[2]")
    assert rig.answers == []
    rig.ask("a")
    assert rig.answers == [("a", b"[[1],[2]]")]


def test_a_wake_up_from_another_thread_while_a_batch_is_taken_counts(rig: Rig) -> None:
    rig.session.on_receive = lambda: push_elsewhere(rig, b"[1]")
    rig.ask("a", b"[[0]]")
    rig.turn()
    assert rig.answers == [("a", b"[[1]]")]


def test_slots_that_nothing_answers_go_back_empty(rig: Rig) -> None:
    for number in range(12):
        rig.ask(str(number))
    assert rig.answers == [(str(number), b"") for number in range(4)]


def test_small_buffers_travel_in_the_frame_and_large_ones_beside_it(rig: Rig) -> None:
    rig.ask("a")
    rig.ask("b")
    rig.session.push(b"[0,1,null]", 3)
    rig.turn()
    assert rig.answers == [("b", b'AAAA[[0,1,null,[[[],"ArrayBuffer",0,0,3]]]]')]
    rig.session.push(b"[0,2,null]", 200_000)
    rig.turn()
    assert rig.answers[1] == ("a", b'@1,200000,-1,1,200000@[[0,2,null,[[[],"ArrayBuffer",1,0,200000]]]]')
    assert rig.session.outbox.queued_bytes == 200_000
    assert rig.link.fetch(1) == bytes(200_000)
    assert rig.link.fetch(1) is None
    assert rig.session.outbox.queued_bytes == 200_000
    rig.ask("c", b"@1[]")
    assert rig.session.outbox.queued_bytes == 0


def test_a_tail_may_travel_behind_parts(rig: Rig) -> None:
    rig.session.push(b"[0,1,null]", 2 * MIB)
    rig.ask("a")
    rig.session.push(b"[0,2,null]", 3)
    rig.link.fetch(1)
    rig.ask("b", b"@1[]")
    assert rig.answers[1] == ("b", b'@2,1048576,-1,1,2097152@AAAA[[0,2,null,[[[],"ArrayBuffer",0,0,3]]]]')


def test_what_is_fetched_comes_in_parts_that_small_messages_overtake(rig: Rig) -> None:
    for slot in "abcd":
        rig.ask(slot)
    rig.session.push(b"[0,1,null]", 2 * MIB + 5)
    rig.session.push(b"[0,2,null]", 300_000)
    rig.turn()
    rig.session.push(b"[0,3,4]")
    rig.turn()
    assert [text.partition(b"[")[0] for _, text in rig.answers] == [b"@1,1048576,-1,1,2097157@", b"", b""]
    assert rig.answers[2][1] == b"[[0,3,4]]"
    for number, told in enumerate(
        [b"@2,300000,-1,2,300000@[]", b"@3,1048576,-1,1,2097157@[]", b"@4,5,-1,1,2097157@[]"]
    ):
        assert rig.link.fetch(number + 1) is not None
        rig.turn()
        assert len(rig.answers) == 3 + number, "the next part is told of while one is being fetched"
        rig.ask("more", b"@%d[]" % (number + 1))
        assert rig.answers[3 + number][1] == told
    assert rig.session.packs_sent == [2]
    assert rig.link.fetch(4) == bytes(5)
    rig.ask("more", b"@4[]")
    assert rig.session.packs_sent == [2, 1]
    assert rig.link.fetch(5) is None


def test_a_part_that_cannot_be_got_in_any_way_holds_back_nothing(rig: Rig) -> None:
    rig.ask("a")
    rig.session.push(b"[0,1,null]", MIB + 1)
    rig.turn()
    rig.ask("b", b"@1[]")
    assert rig.answers[-1][1] == b"@2,1,-1,1,1048577@[]"
    rig.ask("c", b"@2[]")
    assert rig.session.packs_sent == [1]


def open_bulk(rig: Rig) -> None:
    """Let a pack go by the scheme, and the page get its file meanwhile."""
    rig.ask("opening")
    rig.session.push(b"[0,0,null]", MIB)
    rig.turn()
    assert rig.answers.pop()[1].startswith(b"@1,1048576,-1,1,1048576@[[0,0,null,")
    assert rig.bulk.choose(["application/x-transom-token"])
    rig.link.fetch(1)


def test_large_buffers_are_in_the_shared_file_until_the_page_has_read_them(rig: Rig) -> None:
    open_bulk(rig)
    rig.ask("a", b"@1,+token[]")
    for slot in "bc":
        rig.ask(slot)
    rig.session.push(b"[0,2,null]", MIB)
    rig.turn()
    assert rig.answers == [("c", b'@2,1048576,0,2,1048576@[[0,2,null,[[[],"ArrayBuffer",2,0,1048576]]]]')]
    assert rig.session.outbox.queued_bytes == MIB
    rig.ask("d", b"@2,99[[0,5]]")
    assert rig.session.outbox.queued_bytes == 0
    assert rig.session.received == [b"[[0,5]]"]
    assert rig.link.fetch(2) is None
    rig.session.push(b"[0,3,null]", MIB)
    rig.turn()
    assert rig.answers[-1][1].startswith(b"@3,1048576,0,3,1048576@")


def parts_told(rig: Rig) -> list[list[int]]:
    """Return the parts that the page was told of: number, size, place, pack and its size."""
    told = [text[1:].partition(b"@")[0] for _, text in rig.answers if text.startswith(b"@")]
    return [[int(figure) for figure in part.split(b",")] for parts in told for part in parts.split(b";")]


def test_a_pack_that_is_larger_than_the_file_comes_in_parts_that_small_messages_overtake(rig: Rig) -> None:
    open_bulk(rig)
    rig.ask("a", b"@1,+token[]")
    rig.ask("b")
    size = 41 * MIB
    rig.session.push(b"[0,2,null]", size)
    rig.turn()
    rig.session.push(b"[0,3,4]")
    rig.turn()
    assert rig.answers[-1][1] == b"[[0,3,4]]"
    told = 1
    while rig.session.packs_sent == [1]:
        part = parts_told(rig)[told - 1]
        assert part[0] == told + 1
        assert part[3:] == [2, size]
        rig.ask("more", b"@%d[]" % part[0])
        told += 1
    assert [part[1] for part in parts_told(rig)] == [2 * MIB] * 20 + [MIB]
    assert rig.session.packs_sent == [1, 2]


def test_the_next_part_of_a_long_pack_is_written_while_one_is_read(rig: Rig) -> None:
    open_bulk(rig)
    rig.ask("a", b"@1,+token[]")
    rig.session.push(b"[0,2,null]", 16 * MIB)  # lets the file grow
    rig.turn()
    rig.session.push(b"[0,3,null]", 40 * MIB)
    rig.ask("b", b"@2[]")
    assert [part[:3] for part in parts_told(rig)[1:]] == [[3, 2 * MIB, 0], [4, 2 * MIB, 2 * MIB]]
    rig.ask("c", b"@4[]")
    assert parts_told(rig)[3:] == [[5, 2 * MIB, 2 * MIB, 3, 40 * MIB]]
    rig.session.push(b"[0,4,null]", 5 * MIB)
    rig.ask("d", b"[]")
    assert parts_told(rig)[4:] == [[6, 5 * MIB, 4 * MIB, 4, 5 * MIB]], "a short pack waits for a long one"


def test_a_part_that_could_not_be_read_is_fetched(rig: Rig) -> None:
    open_bulk(rig)
    rig.ask("a", b"@1,+token[]")
    rig.session.push(b"[0,2,null]", MIB)
    rig.turn()
    assert parts_told(rig) == [[2, MIB, 0, 2, MIB]]
    assert rig.link.fetch(2) == bytes(MIB)
    assert rig.link.fetch(2) is None
    rig.ask("b", b"@2[]")
    assert rig.session.outbox.queued_bytes == 0


def test_a_page_that_could_not_read_three_parts_gets_the_others_by_the_scheme(rig: Rig) -> None:
    open_bulk(rig)
    rig.ask("a", b"@1,+token[]")
    places = []
    for number in range(2, 6):
        rig.session.push(b"[0,%d,null]" % number, MIB)
        rig.turn()
        places.append(parts_told(rig)[-1][2])
        assert rig.link.fetch(number) == bytes(MIB)
        rig.ask("more", b"@%d[]" % number)
    assert places == [0, 0, 0, -1]


def test_a_part_that_waits_for_room_comes_by_the_scheme_once_the_file_is_given_up(rig: Rig) -> None:
    open_bulk(rig)
    for slot, notes in (("a", b"@1,+token[]"), ("b", b"[]"), ("c", b"[]")):
        rig.ask(slot, notes)
    for number in (2, 3):
        rig.session.push(b"[0,%d,null]" % number, MIB)
        rig.turn()
    assert len(parts_told(rig)) == 1
    rig.ask("d", b"@-[]")
    assert parts_told(rig)[1:] == [[3, MIB, -1, 3, MIB]]


@pytest.mark.parametrize("number", [b"0", b"77", b"9" * 5000])
def test_a_number_that_no_part_has_does_nothing(rig: Rig, number: bytes) -> None:
    rig.ask("a", b"@" + number + b"[[0,5]]")
    assert rig.session.received == [b"[[0,5]]"]
    assert rig.session.packs_sent == []


@pytest.mark.parametrize("notes", [b"@-", b"@+other", b"@", b"@what,-"])
def test_a_page_that_cannot_read_the_file_gets_its_packs_by_the_scheme(rig: Rig, notes: bytes) -> None:
    open_bulk(rig)
    rig.ask("a", notes + b",1[[0,5]]")
    assert rig.session.received == [b"[[0,5]]"]
    rig.session.push(b"[0,2,null]", MIB)
    rig.turn()
    assert parts_told(rig) == [[2, MIB, -1, 2, MIB]]
    assert rig.link.fetch(2) == bytes(MIB)


def test_a_page_of_others_has_no_file() -> None:
    answers: list[tuple[str, bytes]] = []
    link = PageLink(lambda slot, text: answers.append((slot, text)), lambda work: work(), None)
    session = FakeSession(link)
    link.open(session)
    for slot in "ab":
        link.receive(memoryview(b"@+token,-,1[]"), slot)
    session.push(b"[0,1,null]", MIB)
    assert answers[0][1].startswith(b"@1,1048576,-1,1,1048576@[[0,1,null,")
    assert link.fetch(1) == bytes(MIB)
    link.close()


def test_bytes_from_the_page_come_with_their_batch_or_as_a_frame(rig: Rig) -> None:
    rig.link.receive_binary(memoryview(b"frame"), None)
    rig.link.receive_binary(memoryview(b"body"), "[[0]]")
    assert rig.session.received == [b"frame", b"[[0]]", b"body"]


def test_a_session_that_fails_keeps_the_slot_open(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("boom")

    rig.session.on_receive = fail
    rig.ask("a", b"[[0]]")
    assert "boom" in caplog.text
    rig.session.push(b"[1]")
    rig.turn()
    assert rig.answers == [("a", b"[[1]]")]


def test_after_its_end_nothing_goes_either_way(rig: Rig) -> None:
    rig.ask("a")
    rig.session.push(b"[1]")
    rig.link.close()
    rig.link.close()
    rig.turn()
    rig.ask("b", b"[[0]]")
    assert rig.answers == []
    assert rig.session.received == []
    assert rig.session.closed == 1
