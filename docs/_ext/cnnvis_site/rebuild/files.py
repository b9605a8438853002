"""Files that are there as a whole or not at all, whenever a build is stopped."""

import hashlib
import json
import os


class Memory:
    """What was worked out in the last build, by a key that says of what, to be taken over."""

    def __init__(self):
        self.before, self.now = {}, {}

    def load(self, file):
        """Begin with what the last build wrote."""
        self.before, self.now = read_json(file), {}

    def get(self, key, make):
        """Return what is known by the key, or else what `make` returns."""
        if key not in self.now:
            self.now[key] = self.before[key] if key in self.before else make()
        return self.now[key]

    def keep(self, file):
        """Write down what was asked for in this build."""
        if self.now != self.before:
            write(file, json.dumps(self.now))


memory = Memory()


def write(file, text):
    """Write a text beside its place, then move it there in one go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    new.write_text(text, "utf-8", newline="\n")
    new.replace(file)


def read_json(file):
    """Return what a JSON file holds, an empty dictionary where it can't be read."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def digest(content):
    """Return a short checksum of bytes."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def digest_of(file):
    """Return the checksum of a file, ``absent`` if there is none."""
    return digest(file.read_bytes()) if file.is_file() else "absent"
