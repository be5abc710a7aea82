#!/usr/bin/env python3
"""Memory of a running `bindery up` with all its parts: the proportional set size (PSS) of every
process below it, so that memory shared between processes counts once.

usage: stack_memory.py PID-OF-BINDERY
"""
import pathlib
import sys


def parents():
    """Each process's parent."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        yield int(folder.name), int(fields[1])


def below(root):
    children = {}
    for pid, parent in parents():
        children.setdefault(parent, []).append(pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(children.get(pid, []))
    return found


def pss_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def name(pid):
    words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    shown = [word.decode(errors="replace").rsplit("/", 1)[-1] for word in words[:2] if word]
    return " ".join(shown)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    total = 0
    for pid in below(int(sys.argv[1])):
        try:
            kib = pss_kib(pid)
            print(f"{kib / 1024:8.1f} MiB  {name(pid)}")
        except OSError:
            continue
        total += kib
    print(f"{total / 1024:8.1f} MiB  in all")


if __name__ == "__main__":
    main()
