#!/usr/bin/env python3
"""Cost by table size: create, get and list in a small and in a large table; and cost of row permissions: a list by a
user in many teams and a list of publicly readable rows. Two servers alternate; server CPU per request is compared.

The list is the harness's: the newest 25 rows of one of 100 rooms. In `scattered` each room has 200 rows, so that in a
large table each row of a list is on a different database page.

    python3 bench/scale.py --bin FERRITE [--few 10000] [--many 1000000] [--teams 100] [--rounds 3]
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench  # noqa: E402

SCATTERED = 200  # rows of a room
COLLECTIONS = "/v1/databases/bench/collections"


class Shop:
    """A server with tables of `rows` rows: `msgs` and `scattered` with table permissions, and if `teams` is not 0
    `open` and `closed` with row permissions."""

    def __init__(self, binary, folder, rows, teams):
        self.rooms, self.created = {"scattered": rows // SCATTERED}, 0
        os.mkdir(folder)
        self.target, port = bench.ferrite(binary), bench.free_port()
        self.server = bench.Server(self.target, folder, port, "log")
        self.server.start()
        http = bench.Http(port)
        self.target.bootstrap(http, {"person", "rows"})
        readers = []
        self.table(http, "scattered", self.target.PERMS)
        for name in ("open", "closed") if teams else ():
            self.table(http, name, [])
        for n in range(teams):
            team = http("POST", "/v1/teams", {"teamId": "unique()", "name": f"Team {n}"}, self.target.auth)
            readers.append(f'read("team:{team["$id"]}")')
        self.server.stop()
        for name in ("msgs", "scattered"):
            self.fill(binary, folder, name, rows, None)
        if teams:
            self.fill(binary, folder, "open", rows, ['read("any")'])
            self.fill(binary, folder, "closed", rows, readers)
        self.server.start()
        self.http, self.port, self.folder = bench.Http(port), port, folder
        self.ids = [row["$id"] for room in range(bench.ROOMS) for row in self.http(*self.list(room), headers=self.target.auth)["documents"]]

    def table(self, http, name, permissions):
        """Creates a table like the harness's, with other permissions."""
        key, at = self.target.srv, f"{COLLECTIONS}/{name}"
        http("POST", COLLECTIONS, {"collectionId": name, "name": name, "permissions": permissions, "documentSecurity": True}, key)
        for column, size in (("room", 64), ("text", 2000)):
            http("POST", f"{at}/attributes/string", {"key": column, "size": size, "required": True}, key)
        http("POST", f"{at}/attributes/integer", {"key": "n", "required": True}, key)
        http("POST", f"{at}/indexes", {"key": "room_created", "type": "key", "attributes": ["room", "$createdAt"]}, key)
        self.target.available(http, f"{at}/indexes", "indexes", key)

    def fill(self, binary, folder, table, rows, readers):
        file, rooms = os.path.join(folder, "rows.ndjson"), self.rooms.get(table, bench.ROOMS)
        with open(file, "w") as out:
            for n in range(rows):
                row = {"$createdAt": instant(n), "room": f"r{n % rooms}", "text": f"{n:06d} {bench.TEXT}", "n": n}
                if readers:
                    row["$permissions"] = [random.choice(readers)]
                out.write(json.dumps(row) + "\n")
        subprocess.run([binary, "import", file, "--project", self.target.P, "--table", f"bench/{table}", "--data",
                        os.path.join(folder, "data")], check=True, stdout=subprocess.DEVNULL)
        os.remove(file)

    def list(self, room, table="msgs", total=False):
        queries = [{"method": "equal", "attribute": "room", "values": [f"r{room}"]},
                   {"method": "orderDesc", "attribute": "$createdAt"}, {"method": "limit", "values": [25]}]
        query = "&".join("queries[]=" + urllib.parse.quote(json.dumps(one)) for one in queries)
        return "GET", f"{COLLECTIONS}/{table}/documents?{query}" + ("" if total else "&total=false"), None

    def plan(self, step):
        """The requests of a step, and for how many seconds they are repeated; None: each once."""
        if step == "create":
            self.created += 4000
            return [self.target.create(self.created + n) for n in range(4000)], None
        if step == "get":
            return [self.target.read(one) for one in random.sample(self.ids, min(2000, len(self.ids)))], 4
        table = {"list, scattered": "scattered", "list, everybody's rows": "open", "list, rows of teams": "closed"}.get(step, "msgs")
        rooms = self.rooms.get(table, bench.ROOMS)
        return [self.list(random.randrange(rooms), table, step == "list with total") for _ in range(2000)], 4

    def cost(self, step):
        """Server CPU per request, in microseconds."""
        plan, seconds = self.plan(step)
        told = bench.wrk(self.folder, self.port, plan, self.target.auth, 16, seconds, self.target.health()[:2], self.server.p.pid)
        if told["errors"] > 16:
            raise SystemExit(f"{step}: {told['errors']} errors")
        return told["server_cpu_us_per_req"]


def instant(n):
    seconds = 1_700_000_000 + n // 100
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{n % 100 * 10:03d}+00:00"


def compare(what, first, second, rounds):
    """Measures two costs alternately; prints their medians and the ratio."""
    costs = [[], []]
    for _ in range(rounds):
        for which, cost in enumerate((first, second)):
            costs[which].append(cost())
    a, b = map(statistics.median, costs)
    print(f"{what:42} {a:7.1f} µs {b:7.1f} µs  {b / a:.2f} times", flush=True)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--bin", required=True)
    a.add_argument("--few", type=int, default=10_000)
    a.add_argument("--many", type=int, default=1_000_000)
    a.add_argument("--teams", type=int, default=100)
    a.add_argument("--rounds", type=int, default=3)
    a = a.parse_args()
    folder, binary = tempfile.mkdtemp(prefix="ferrite-scale-"), os.path.abspath(a.bin)
    shops = []
    try:
        few = Shop(binary, os.path.join(folder, "few"), a.few, a.teams)
        shops.append(few)
        many = Shop(binary, os.path.join(folder, "many"), a.many, 0)
        shops.append(many)
        for step in ("get", "list", "list with total", "list, scattered", "create"):
            compare(f"{step}: {a.few:,} rows, {a.many:,} rows", lambda: few.cost(step), lambda: many.cost(step), a.rounds)
        compare(f"list: everybody's rows, rows of {a.teams} teams", lambda: few.cost("list, everybody's rows"),
                lambda: few.cost("list, rows of teams"), a.rounds)
    finally:
        for shop in shops:
            shop.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
