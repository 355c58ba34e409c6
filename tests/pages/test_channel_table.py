from __future__ import annotations

import sys
import threading

from tests.fake_page import ALL, FakePage
from transom.wire import Frame


def test_a_channel_that_is_dropped_ends_at_once_when_the_lock_is_free() -> None:
    page = FakePage()
    page.session.channel(1)
    assert page.link.wakes == 1
    assert page.session.take(ALL, ALL) == Frame(b"[[3,1,0]]")
    assert not page.session.channels._channels


def test_a_channel_that_is_dropped_by_a_thread_that_holds_the_lock_ends_soon() -> None:
    page = FakePage()
    channel = page.session.channel(1)
    with page.session._lock:
        del channel
    assert page.link.wakes == 0
    newer = page.session.channel(1)
    assert page.taken() == [[3, 1, 0]]
    assert page.link.wakes == 1
    assert page.session.channel(1) is newer, "what ends is the older one"


def test_of_many_threads_that_drop_and_look_up_a_channel_none_sends_after_its_end() -> None:
    page = FakePage()

    def use() -> None:
        for _ in range(2000):
            page.session.channel(1).send(1)

    threads = [threading.Thread(target=use) for _ in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    sent = ended = 0
    for kind, _, index, *_ in page.taken():
        if kind == 2:
            sent += 1
        else:
            ended += index
    assert sent == ended == 8000, "every end marker counts the messages of its own channel"
