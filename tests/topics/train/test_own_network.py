"""Whose network is whose: queues, other topics, a file loaded back, and what a page leaves."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from demo.engine.runs import RUNS
from demo.lane import Bounds, Turn, Visitor
from demo.page import own, question
from demo.page.own import network_of, spec_of
from demo.page.wiring import guarded
from demo.records import Problem
from demo.text import text
from demo.topics.closer.scenes import chosen, methods
from demo.topics.compare.scenes import view as compare
from demo.topics.train.export import head_file
from demo.topics.train.records import Head, PhotoSet
from demo.topics.train.scenes import back, rivals, taken, view, visits, work
from demo.topics.train.scenes.seats import SEATS, Seats, Waiting
from demo.topics.train.training import Trained, head_of
from demo.zoo.catalogue import spec
from demo.zoo.loading import PREPARED, load
from tests.loops import finished
from tests.topics.train.conftest import Asks
from tests.topics.train.test_training import red_and_blue

T, J = text("en"), text("ja")


def named(*classes: str) -> PhotoSet:
    photos = red_and_blue(4)
    return PhotoSet(classes, photos.photos, photos.labels, photos.names)


def listens() -> bool:
    return True


def shown(steps: Iterator[str | Turn]) -> list[str]:
    return [step for step in steps if not isinstance(step, Turn)]


def sentence(drawn: str) -> str:
    found = re.search(r'class="scene-sentence"[^>]*>([^<]*)<', drawn)
    assert found
    return html.unescape(found[1])


def train(classes: tuple[str, str]) -> str:
    token = visits.keep(named(*classes))
    assert shown(view.learning(T, token, "mini_resnet", "head", "0"))
    return token


def test_each_visit_sees_its_own_network_in_the_other_topics(folder: Path, asks: Asks) -> None:
    photo, asked = named("x", "y").photos[0], (["mini_resnet"], [], "", 5, "last", True)
    asks("maple")
    train(("maplewood", "firtree"))
    asks("tea")
    train(("greentea", "緑<茶>"))
    said = {}
    for session in ("maple", "tea", "nobody"):
        asks(session)
        *_, said[session] = shown(compare.one_photo(T, photo, *asked))
    assert said["maple"].count('<article class="card ') == 2
    assert "Mini ResNet → maplewood / firtree" in said["maple"]
    assert "trained here" in said["maple"]
    assert re.search("Mini ResNet → maplewood / firtree sees (maplewood|firtree)", said["maple"])
    assert not re.search("greentea|緑", said["maple"])
    assert "緑&lt;茶&gt;" in said["tea"]
    assert not re.search("maplewood|firtree", said["tea"])
    assert said["nobody"].count('<article class="card ') == 1
    assert "→" not in said["nobody"]
    # Unticked, it does not answer.
    asks("maple")
    *_, without = shown(compare.one_photo(T, photo, *asked[:-1], False))
    assert "maplewood" not in without


def test_look_closer_offers_it_to_the_same_visit(folder: Path, asks: Asks) -> None:
    photo = named("x", "y").photos[0]
    asks("closer")
    train(("maplewood", "firtree"))
    assert chosen.choices()[-1] == ("Mini ResNet → maplewood / firtree", "own")
    steps = methods.methods(T, photo, "own", "", "1/2", "1")
    first = next(steps)
    assert isinstance(first, str)
    assert "maplewood" in first or "firtree" in first
    steps.close()
    assert "Mini ResNet → maplewood" in methods.bare(T, "own", "", "1/2", "1")
    asks("stranger")
    assert all(key != "own" for _, key in chosen.choices())
    for ask in (network_of, spec_of):
        with pytest.raises(Problem) as caught:
            ask("own")
        assert caught.value.key == "problem.own_gone"


def test_a_page_that_is_left_leaves_nothing(folder: Path, asks: Asks) -> None:
    asks("leaves")
    token = train(("maplewood", "firtree"))
    trained = visits.RESULTS.peek((token, "mini_resnet", "head", 0))
    assert trained is not None
    key, photo = trained.loaded.spec.key, named("x", "y").photos[0]
    prepared = (photo.key, spec("mini_resnet").preprocess)
    assert PREPARED.peek(prepared) is not None
    shown(compare.one_photo(T, photo, [], [], "", 5, "last", True))
    assert RUNS.peek((key, "cpu", photo.key)) is not None
    # It is left while it trains once more, and loads a file.
    under_way = work.trained(token, "mini_resnet", "head", 1)
    for _ in range(4):
        next(under_way)
    loaded = back.keep(written(folder, trained))
    assert len([*(folder / "visits").iterdir()]) == 2
    visits.left()
    last = [one for one in under_way if isinstance(one, Trained)]
    assert [one.result.stopped for one in last] == [False]
    own.show(last[0].loaded)
    assert [*(folder / "visits").iterdir()] == []
    assert visits.RESULTS.peek((token, "mini_resnet", "head", 0)) is None
    assert visits.RESULTS.peek((token, "mini_resnet", "head", 1)) is None
    assert RUNS.peek((key, "cpu", photo.key)) is None
    assert PREPARED.peek(prepared) is None
    assert own.shown() is None
    with pytest.raises(Problem) as caught:
        back.network(loaded)
    assert caught.value.key == "train.problem.back_gone"


def written(folder: Path, trained: Trained) -> Path:
    path = folder / "mine.safetensors"
    path.write_bytes(head_file(spec("mini_resnet"), head_of(trained.loaded), ("shirt", "trousers")))
    return path


def test_a_file_that_was_taken_away_answers_again(folder: Path, asks: Asks) -> None:
    asks("back")
    photo = named("x", "y").photos[0]
    token = train(("maplewood", "firtree"))
    *_, before = shown(view.tried(T, photo, token, "mini_resnet", "head", "0"))
    (path,) = shown(taken.taken(token, "mini_resnet", "head", "0"))
    asks("another day")
    loaded = back.keep(Path(path))
    (after,) = shown(view.tried(T, photo, "", "mini_densenet", "head", "0", loaded))
    assert sentence(after).startswith(
        "The network that you loaded (Mini ResNet, for maplewood and firtree) says "
    )
    shares = [re.findall(r"<em>([^<]*)</em>", one) for one in (before, after)]
    assert shares[0] == shares[1]
    assert len(shares[0]) == 2
    # The other topics have it too, and without a photo it shows its layer.
    assert own.shown() is back.network(loaded)
    assert "nn.Linear(304, 2)" in view.bare_tried(T, "", "mini_densenet", "head", "0", loaded)
    with pytest.raises(Problem) as caught:
        back.network("x" * 22 + ".0")
    assert caught.value.key == "train.problem.back_gone"
    # What is refused leaves nothing.
    bad = folder / "bad.safetensors"
    bad.write_bytes(b"nothing")
    count = len([*(folder / "visits").iterdir()])
    with pytest.raises(Problem):
        back.keep(bad)
    assert len([*(folder / "visits").iterdir()]) == count


def test_a_file_that_nobody_sent_is_not_loaded_and_stays(
    folder: Path, sent: Path, asks: Asks
) -> None:
    asks("names others")
    token = visits.keep(named("a", "b"))
    kept, lock, link = folder / "visits" / token[:22] / "set", folder / "lock", sent / "link"
    lock.touch()
    link.symlink_to(lock)
    for path in (kept, lock, link):
        with pytest.raises(Problem) as caught:
            list(back.loading(path))
        assert caught.value.key == "train.problem.not_sent"
        assert path.exists()
    # What was sent is read, and goes, whatever it is.
    bad = sent / "head.safetensors"
    bad.write_bytes(b"nothing")
    with pytest.raises(Problem) as caught:
        list(back.loading(bad))
    assert caught.value.key == "train.problem.no_head"
    assert not bad.exists()


def test_tokens_that_were_made_up_leave_nothing(folder: Path, asks: Asks) -> None:
    asks("forges")
    (folder / "uploads").mkdir()
    mine = visits.keep(named("a", "b"))
    before = {name: set(keys) for name, keys in visits._KEYS.items()}
    for forged in ("x" * 900_000, f"{'x' * 22}.0", "../uploads.0", f"{mine[:22]}.9"):
        with pytest.raises(Problem) as caught:
            list(work.trained(forged, "mini_resnet", "head", 0))
        assert caught.value.key == "train.problem.gone"
        assert before == visits._KEYS
    assert not visits.is_there("../uploads.0")
    visits.new_key(f"{'x' * 22}.0")
    assert before == visits._KEYS
    # A network of a set that is there goes with it.
    assert visits.new_key(mine) in visits._KEYS[mine[:22]]


def test_a_page_that_seemed_closed_shows_its_network_once_it_asks_again(
    folder: Path, asks: Asks
) -> None:
    asks("drops")
    loaded = load("mini_resnet")
    for _ in range(2):
        own.leave()
    # The last step of what it had under way.
    own.show(loaded)
    assert own.shown() is None

    def train_again() -> bool:
        own.show(loaded)
        return own.shown() is loaded

    assert finished(guarded(train_again, T)())
    own.leave()

    def train_in_steps() -> Iterator[bool]:
        yield train_again()

    async def steps() -> list[bool]:
        return [shown async for shown in guarded(train_in_steps, T)()]

    assert finished(steps()) == [True]
    # Its work that was begun before ends after it is closed for good.
    own.leave()
    own.show(loaded)
    assert own.shown() is None


def test_a_file_is_looked_at_where_no_network_waits(folder: Path, sent: Path, asks: Asks) -> None:
    asks("back")
    good, bad = sent / "good", sent / "bad"
    zeros = Head(np.zeros((2, 304), np.float32), np.zeros(2, np.float32))
    good.write_bytes(head_file(spec("mini_resnet"), zeros, ("x", "y")))
    bad.write_bytes(b"nothing")
    steps = back.loading(bad)
    assert next(steps) is Turn.OUTSIDE
    with pytest.raises(Problem, match=r"train\.problem\.no_head"):
        next(steps)
    before, turn, token = back.loading(good)
    assert (before, turn) == (Turn.OUTSIDE, Turn.NETWORK)
    assert isinstance(token, str)
    assert back.network(token).spec.labels == ("x", "y")
    assert not good.exists()
    assert not bad.exists()


def test_who_comes_fifth_waits_for_a_seat(folder: Path) -> None:
    seats = Seats(2)
    lines = [seats.taken(Visitor("a", f"{number}"), listens) for number in range(4)]
    places = [line.__enter__() for line in lines]
    assert [place() for place in places] == [0, 0, 1, 2]
    lines[0].__exit__(None, None, None)
    assert [place() for place in places[1:]] == [0, 0, 1]
    # Who leaves the line lets the others move up.
    lines[2].__exit__(None, None, None)
    assert places[3]() == 0
    for line in (lines[1], lines[3]):
        line.__exit__(None, None, None)


@contextmanager
def seated(seats: Seats, *visitors: Visitor) -> Iterator[list[Callable[[], int]]]:
    """A place for each, in this order."""
    with ExitStack() as stack:
        yield [stack.enter_context(seats.taken(visitor, listens)) for visitor in visitors]


def test_a_new_visitor_waits_behind_nobodys_second_training() -> None:
    seats = Seats(2)
    hoard = [Visitor("hoard", f"{number // 2}") for number in range(40)]
    with seated(seats, *hoard, Visitor("new", "a"), Visitor("new", "b")) as places:
        assert [place() for place in places[:4]] == [0, 0, 3, 22]
        assert [place() for place in places[40:]] == [1, 2]
    # Behind one address its pages take turns too.
    school = (Visitor("school", page) for page in "aabbc")
    with seated(Seats(1), *school) as places:
        assert [place() for place in places] == [0, 3, 1, 4, 2]


def test_a_page_and_an_address_have_so_many_places_and_no_more() -> None:
    seats = Seats(1, Bounds(2, 3, 4))
    a, b = Visitor("one", "a"), Visitor("one", "b")
    with seated(seats, a, a, b):
        for visitor, key in ((a, "yours"), (b, "busy")):
            with pytest.raises(Problem) as caught, seats.taken(visitor, listens):
                pass
            assert caught.value.key == f"train.problem.{key}"
        with seated(seats, Visitor("two", "a")):
            with pytest.raises(Problem) as caught, seats.taken(Visitor("three", "a"), listens):
                pass
            assert caught.value.key == "train.problem.busy"
    # Who was refused holds nothing, and who has left neither.
    with seated(seats, a, a, b) as places:
        assert [place() for place in places] == [0, 2, 1]
    assert T("train.problem.yours", count=2).startswith("You already have 2 trainings")
    assert J("train.problem.yours", count=2).startswith("学習中または順番待ちの学習がすでに2件")


def test_a_training_ends_where_nobody_listens(
    folder: Path, asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks("unheard")
    token, hears = visits.keep(named("a", "b")), [True]
    monkeypatch.setattr(question, "listening", lambda: lambda: hears[0])
    begun = work.trained(token, "mini_resnet", "head", 0)
    assert any(isinstance(reached, list) for reached in begun)
    with seated(SEATS, *(Visitor("", f"{number}") for number in range(SEATS.count - 1))) as places:
        with SEATS.taken(Visitor("", "behind"), listens) as place:
            assert place() == 1
            waits = work.trained(token, "mini_resnet", "head", 1)
            assert next(waits) == Waiting(2, 4)
            hears[0] = False
            for steps in (waits, begun):
                with pytest.raises(Problem) as caught:
                    list(steps)
                assert caught.value.key == "train.problem.unheard"
            assert place() == 0
        assert [one() for one in places] == [0, 0, 0]


def test_trainings_are_queued_not_refused_and_all_finish(folder: Path, asks: Asks) -> None:
    running = []
    for number in range(6):
        asks(f"visit {number}")
        token = visits.keep(named(f"a{number}", f"b{number}"))
        running.append((token, view.learning(T, token, "mini_resnet", "head", "0")))
    said: list[list[str]] = [[] for _ in running]
    left = set(range(6))
    # One step of each in turn, as the lanes take them.
    while left:
        for number in sorted(left):
            asks(f"visit {number}")
            step = next(running[number][1], None)
            if step is None:
                left.remove(number)
            elif isinstance(step, str):
                said[number].append(sentence(step))
    assert not any("queue" in one for some in said[:4] for one in some)
    assert said[4][1].startswith("Place 1 in the queue: 4 trainings are under way")
    assert said[5][1].startswith("Place 2 in the queue: 4 trainings")
    assert [some[-1].split(" learned from ")[1][:9] for some in said] == ["6 photos "] * 6
    for number, (token, _) in enumerate(running):
        trained = visits.RESULTS.peek((token, "mini_resnet", "head", 0))
        assert trained is not None
        assert trained.loaded.spec.labels == (f"a{number}", f"b{number}")
        visits.leave(token.partition(".")[0])
    with SEATS.taken(Visitor("a", "next"), listens) as place:
        assert place() == 0


def test_a_training_that_is_given_up_in_the_queue_leaves_its_place(folder: Path) -> None:
    token = visits.keep(named("a", "b"))
    lines = [SEATS.taken(Visitor("", f"{number}"), listens) for number in range(SEATS.count)]
    for line in lines:
        line.__enter__()
    waits = work.trained(token, "mini_resnet", "head", 0)
    assert next(waits) == Waiting(1, 4)
    assert next(waits) is Turn.NETWORK
    waits.close()
    with SEATS.taken(Visitor("", "next"), listens) as place:
        assert place() == 1
        lines[0].__exit__(None, None, None)
        assert place() == 0
    for line in lines[1:]:
        line.__exit__(None, None, None)


def test_two_networks_are_compared_on_the_same_photos() -> None:
    steps = shown(rivals.rivals(T, "", "mini_resnet", "head", "0", "mini_densenet"))
    said = sentence(steps[-1])
    assert said.startswith(
        "Of the same 12 photos held out, Mini ResNet has 11 right and Mini Dense"
    )
    assert "McNemar" in said or "very same photos" in said
    assert 'data-picture="drawing"' in steps[-1]
    assert "91.7 % (11 of 12)" in steps[-1]
    (same,) = shown(rivals.rivals(T, "", "mini_resnet", "head", "0", "mini_resnet"))
    assert sentence(same) == "Choose two different networks."
    *_, japanese = shown(rivals.rivals(J, "", "mini_resnet", "head", "0", "mini_densenet"))
    assert sentence(japanese).startswith("同じテスト専用の12枚のうち、Mini ResNetは11枚、")
