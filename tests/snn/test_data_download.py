"""MNIST is fetched once, checked before it is kept, and where it cannot be fetched the ways out are named."""

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from neurokit.errors import NeurokitError
from neurokit.snn import data, download, idx
from neurokit.snn.download import DownloadError

NAMES = tuple(download.MNIST)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and writes down what was asked for; /away redirects."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/away/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/away"))
            self.end_headers()
            return
        if self.path.startswith("/short/"):
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"\x1f\x8b")
            return
        super().do_GET()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path, list[str]]]:
    """A mirror of a small set that stands in for MNIST: its address, its folder, what was asked of it."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "NEUROKIT_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEUROKIT_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "mirror"
    folder.mkdir()
    random = np.random.default_rng(1)
    sums = {}
    for name in NAMES:
        shape, top = ((20, 28, 28), 256) if "images" in name else ((20,), 10)
        values = random.integers(0, top, shape, dtype=np.uint8)
        (folder / f"{name}.gz").write_bytes(gzip.compress(idx.encode(values)))
        sums[name] = idx.content_sum(values)
    monkeypatch.setattr(download, "MNIST", sums)
    asked: list[str] = []
    handler = type("Recording", (Handler,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(download, "MIRRORS", (address,))
    yield address, folder, asked
    server.shutdown()
    thread.join()
    server.server_close()


Served = tuple[str, Path, list[str]]


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


def test_files_are_fetched_once(served: Served, tmp_path: Path) -> None:
    download.download(tmp_path / "here", insecure=True)
    download.download(tmp_path / "here", insecure=True)
    assert served[2] == [f"/{name}.gz" for name in NAMES]
    assert kept(tmp_path / "here") == sorted(f"{name}.gz" for name in NAMES)


def test_only_what_is_missing_or_damaged_is_fetched_again(served: Served, tmp_path: Path) -> None:
    here = tmp_path / "here"
    download.download(here, insecure=True)
    served[2].clear()
    (here / f"{NAMES[1]}.gz").unlink()
    (here / f"{NAMES[2]}.gz").write_bytes(b"damaged")
    download.download(here, insecure=True)
    assert served[2] == [f"/{name}.gz" for name in NAMES[1:3]]


def test_loading_downloads_into_the_cache_and_finds_it_there_the_next_time(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "download", functools.partial(download.download, insecure=True))
    first, second = data.load(), data.load("mnist")
    assert (first.source, second.source) == ("download", "cache")
    assert first.name == "mnist"
    assert first.sha256 == download.MNIST
    assert len(served[2]) == len(NAMES)
    assert kept(tmp_path / "cache" / "data") == ["decoded", "mnist"]


def test_a_damaged_file_in_the_cache_is_fetched_again(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "download", functools.partial(download.download, insecure=True))
    data.load()
    path = tmp_path / "cache" / "data" / "mnist" / f"{NAMES[0]}.gz"
    path.write_bytes(path.read_bytes()[:-100])
    assert data.load().source == "download"
    assert data.load().source == "cache"
    assert len(served[2]) == len(NAMES) + 1


def test_a_mirror_with_a_wrong_file_is_passed_over_for_the_next(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, folder, _ = served
    wrong = folder / "wrong"
    wrong.mkdir()
    (wrong / f"{NAMES[0]}.gz").write_bytes(gzip.compress(idx.encode(np.zeros((20, 28, 28), dtype=np.uint8))))
    monkeypatch.setattr(download, "MIRRORS", (f"{address}wrong/", f"{address}short", address))
    download.download(tmp_path / "here", insecure=True)
    assert all(
        download.problem(tmp_path / "here" / f"{name}.gz", total) is None for name, total in download.MNIST.items()
    )


def test_a_wrong_file_is_not_kept_and_the_message_says_what_was_expected(served: Served, tmp_path: Path) -> None:
    wrong = gzip.compress(idx.encode(np.zeros((20, 28, 28), dtype=np.uint8)))
    (served[1] / f"{NAMES[0]}.gz").write_bytes(wrong)
    with pytest.raises(DownloadError) as caught:
        download.download(tmp_path / "here", insecure=True)
    assert f"expected {download.MNIST[NAMES[0]]}" in str(caught.value)
    assert f"{served[0]}{NAMES[0]}.gz" in str(caught.value)
    assert kept(tmp_path / "here") == []


@pytest.mark.parametrize(
    ("place", "words"),
    [("short/", "the connection ended after 2 of 1000 bytes"), ("nowhere/", "HTTP 404")],
)
def test_a_mirror_that_fails_is_named_with_the_reason(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, words: str
) -> None:
    monkeypatch.setattr(download, "MIRRORS", (served[0] + place,))
    with pytest.raises(DownloadError, match=words):
        download.download(tmp_path / "here", insecure=True)


def test_a_mirror_that_sends_without_end_is_given_up(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_MAX_COMPRESSED", 1000)
    with pytest.raises(DownloadError, match="more than 1000 bytes"):
        download.download(tmp_path / "here", insecure=True)


def test_redirections_are_followed(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MIRRORS", (f"{served[0]}away/",))
    download.download(tmp_path / "here", insecure=True)
    assert len(kept(tmp_path / "here")) == len(NAMES)


@pytest.mark.parametrize("scheme", ["http", "file", "ftp"])
def test_nothing_but_https_is_opened_unless_that_was_asked_for(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setattr(download, "MIRRORS", (served[0].replace("http", scheme, 1),))
    with pytest.raises(DownloadError, match=f"unknown url type: {scheme}"):
        download.download(tmp_path / "here")
    assert served[2] == []


def test_every_mirror_is_https() -> None:
    assert all(mirror.startswith("https://") for mirror in download.MIRRORS)


def test_without_a_network_the_error_names_what_was_tried_and_the_ways_out(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrors = ("https://127.0.0.1:9/one/", "https://127.0.0.1:9/two/")
    monkeypatch.setattr(download, "MIRRORS", mirrors)
    with pytest.raises(NeurokitError) as caught:
        data.load()
    message = str(caught.value)
    for words in (*mirrors, "Connection refused", "--data DIR", "NEUROKIT_DATA", "--dataset digits", NAMES[0]):
        assert words in message
    assert "Traceback" not in message


def test_a_folder_that_cannot_be_written_to_is_named(served: Served, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(DownloadError, match="NEUROKIT_CACHE"):
        download.download(tmp_path / "taken" / "mnist", insecure=True)


def test_a_terminal_sees_a_bar_and_a_quiet_one_nothing(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    download.download(tmp_path / "quiet", quiet=True, insecure=True)
    assert capsys.readouterr().err == ""
    download.download(tmp_path / "loud", insecure=True)
    shown = capsys.readouterr().err
    assert all(f"{name}.gz" in shown for name in NAMES)
