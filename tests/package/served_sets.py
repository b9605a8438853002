"""Image sets of a few images, a server on this machine that hands them out, an empty cache."""

import gzip
import hashlib
import io
import pickle
import socket
import struct
import tarfile
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import numpy as np
import platformdirs
import pytest
import torch
from torchvision import datasets

from cnnvis.data import http, loading
from cnnvis.data.registry import SETS


class Server(ThreadingHTTPServer):
    """Serves ``files`` well, or as badly as ``mood`` says; ``asked`` lists what was asked for."""

    daemon_threads, block_on_close = True, False

    def __init__(self):
        self.files, self.asked, self.mood = {}, [], "good"
        self.before = str  # called with every path before it is served
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self):
        return f"http://{self.host}/"

    def handle_error(self, request, client_address):
        """Clients that hang up are what the tests are about."""

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path, mood = self.path.removeprefix("/"), self.server.mood
        self.server.asked.append(path)
        self.server.before(path)
        if mood == "silent":
            self.server.closing.wait(10)
        elif mood == "missing" or path not in self.server.files:
            self.send_error(404)
        else:
            self.answer(self.server.files[path], mood)

    def answer(self, content, mood):
        if mood == "corrupt":
            content = content[:-9] + bytes(255 - byte for byte in content[-9:])
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if mood in ("truncated", "stalling"):
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.server.closing.wait(10 if mood == "stalling" else 0)
        elif mood in ("slow", "dribbling"):  # half of the smallest file takes over 0.05 s
            for byte in content if mood == "slow" else content[: len(content) // 2]:
                self.wfile.write(bytes([byte]))
                time.sleep(0.003)
            self.server.closing.wait(10 if mood == "dribbling" else 0)
        else:
            self.wfile.write(content)

    def log_message(self, *_):
        """Stay quiet."""


@pytest.fixture
def make_server():
    servers = []

    def make():
        servers.append(Server())
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def server(make_server):
    return make_server()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, no settings of the user, and nothing remembered from other tests."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(folder))
    monkeypatch.delenv("CNNVIS_DATA", raising=False)
    monkeypatch.delenv("CNNVIS_OFFLINE", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(http, "_failed_hosts", {})
    monkeypatch.setattr(loading, "_lines_said", set())
    for name, facts in SETS.items():
        fake = replace(facts.stand_in, make=stand_in)
        monkeypatch.setitem(SETS, name, replace(facts, stand_in=fake))
    return folder


def stand_in(split):
    count = {"train": 4, "test": 2}[split]
    return torch.zeros(count, 1, 7, 7, dtype=torch.uint8), torch.arange(count) % 2, ("a", "b")


@pytest.fixture
def mnist(server, monkeypatch):
    return serve_digits(datasets.MNIST, server, monkeypatch)


@pytest.fixture
def fashion(server, monkeypatch):
    return serve_digits(datasets.FashionMNIST, server, monkeypatch)


def serve_digits(dataset, server, monkeypatch):
    """Six training and four test images of 5×3 pixels, in the layout of ``dataset``."""
    raw, resources = {}, []
    for name, _ in dataset.resources:
        count = 6 if name.startswith("train") else 4
        shape = (count, 5, 3) if "images" in name else (count,)
        content = np.arange(np.prod(shape)).astype(np.uint8)
        header = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
        raw[name.removesuffix(".gz")] = header + content.tobytes()
        packed = gzip.compress(raw[name.removesuffix(".gz")], mtime=0)
        server.files[f"{dataset.__name__}/{name}"] = packed
        resources.append((name, md5(packed)))
    monkeypatch.setattr(dataset, "mirrors", [f"{server.url}{dataset.__name__}/"])
    monkeypatch.setattr(dataset, "resources", resources)

    def lay_out(folder):
        place = folder / dataset.__name__ / "raw"
        place.mkdir(parents=True)
        for name, content in raw.items():
            (place / name).write_bytes(content)
        return place

    return SimpleNamespace(raw=raw, dataset=dataset, lay_out=lay_out)


@pytest.fixture
def cifar(server, monkeypatch):
    """Four training and two test images in the layout of CIFAR-10, and two files too many."""
    folder, dataset = "cifar-10-batches-py", datasets.CIFAR10
    members = {"batches.meta": pickle.dumps({"label_names": ["cat", "dog"]})}
    for name, count in {"data_batch_1": 2, "data_batch_2": 2, "test_batch": 2}.items():
        pixels = np.arange(count * 3072).reshape(count, 3072).astype(np.uint8)
        members[name] = pickle.dumps({"data": pixels, "labels": [0, 1]})
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        extra = {f"{folder}/readme.html": b"read me", "../escaped": b"out"}
        named = {f"{folder}/{name}": content for name, content in members.items()}
        for path, content in {**extra, **named}.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    sums = {name: md5(content) for name, content in members.items()}
    monkeypatch.setattr(dataset, "url", f"{server.url}cifar.tar.gz")
    monkeypatch.setattr(dataset, "tgz_md5", md5(buffer.getvalue()))
    monkeypatch.setattr(dataset, "test_list", [("test_batch", sums["test_batch"])])
    train = [(name, sums[name]) for name in ("data_batch_1", "data_batch_2")]
    monkeypatch.setattr(dataset, "train_list", train)
    meta = {"filename": "batches.meta", "key": "label_names", "md5": sums["batches.meta"]}
    monkeypatch.setattr(dataset, "meta", meta)
    server.files["cifar.tar.gz"] = buffer.getvalue()
    return SimpleNamespace(members=members, dataset=dataset)


def md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture
def no_network(monkeypatch):
    asked = []

    def refuse(*address, **_):
        asked.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return asked


def files_in(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())
