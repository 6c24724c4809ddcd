#!/usr/bin/env python3
"""Imports a large CSV file into a table of the load harness, and compares the speed with raw SQLite inserts into a
table with the same columns and indexes (`bench-limits import`), alternating in one run.

    python3 bench/import.py --bin FERRITE --limits BENCH-LIMITS [--rows 1000000] [--rounds 2]
"""
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench  # noqa: E402

TEXT = "The quick brown fox jumps over the lazy dog while the band plays on and on and on until the very end"


def prepared(binary, folder):
    """Creates a project with the harness's table through a temporary server; returns the project id."""
    target = bench.ferrite(binary)
    port = bench.free_port()
    server = bench.Server(target, folder, port, "log")
    server.start()
    try:
        target.bootstrap(bench.Http(port), {"rows"})
    finally:
        server.stop()
    return target.P


def watched(argv):
    """Runs a command; returns its duration in seconds, peak memory in MiB, and output."""
    begun = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{argv} failed: {out}")
    return time.perf_counter() - begun, used.ru_maxrss / 1024, out.strip()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--bin", required=True)
    a.add_argument("--limits", required=True)
    a.add_argument("--rows", type=int, default=1_000_000)
    a.add_argument("--rounds", type=int, default=2)
    a = a.parse_args()
    folder = tempfile.mkdtemp(prefix="ferrite-import-")
    try:
        file = os.path.join(folder, "rows.csv")
        with open(file, "w") as out:
            out.write("room,text,n\n")
            for n in range(a.rows):
                out.write(f"r{n % 100},{TEXT},{n}\n")
        best = {"raw": 0.0, "ferrite": 0.0}
        for turn in range(a.rounds):
            raw = json.loads(subprocess.check_output([a.limits, "import", os.path.join(folder, "raw"), str(a.rows)]))
            data = os.path.join(folder, str(turn))
            os.mkdir(data)
            project = prepared(os.path.abspath(a.bin), data)
            seconds, memory, told = watched([a.bin, "import", file, "--project", project, "--table", "bench/msgs",
                                             "--data", os.path.join(data, "data")])
            wal = max((os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(data) for name in names
                       if name.endswith("-wal")), default=0)
            rate = a.rows / seconds
            best["raw"], best["ferrite"] = max(best["raw"], raw["rows_per_s"]), max(best["ferrite"], rate)
            print(f"raw {raw['rows_per_s']:,.0f} rows/s; ferrite {rate:,.0f} rows/s ({rate / raw['rows_per_s']:.2f} of raw), "
                  f"{memory:.0f} MiB at most, log {wal / 2**20:.1f} MiB; {told}")
            shutil.rmtree(data)
        print(f"best of each: {best['ferrite'] / best['raw']:.2f}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
