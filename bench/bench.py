#!/usr/bin/env python3
"""bench.py - one load scenario for several backend servers (Python 3.9+, standard library + wrk).

  bench.py run    --target trailbase  --bin PATH [--rounds 3] [--out results/trailbase.json]
  bench.py run    --target pocketbase --bin PATH ...
  bench.py run    --target appwrite   --cmd 'ferrite serve --listen 127.0.0.1:{port} --data {dir}' ...
  bench.py run    --target appwrite   --url http://127.0.0.1:PORT     (already running, not started)
  bench.py run    --target reference  --bin PATH-TO-bench-limits      (axum floor: health, fan-out)
  bench.py report results/*.json [--base trailbase] [--out results/report.md]

One round = fresh data directory, start, the steps below, stop. Everything is on loopback, every step
is bounded, and only processes started here are ended, by pid. See README.md for what is measured.
"""
import argparse, base64, gc, http.client, json, os, random, re, resource, selectors, shlex, shutil, signal, socket
import statistics, subprocess, sys, tempfile, threading, time, urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
LUA = os.path.join(HERE, "wrk_plan.lua")
ROOMS = 100
PASSWORD = "correct-horse-battery-9"
EMAIL = "bench@example.com"
TEXT = ("The quick brown fox jumps over the lazy dog while the band plays on and on "
        "until the very last.")  # ~100 bytes with the number prefixed
TICK = os.sysconf("SC_CLK_TCK")

# All steps in the order in which they run, with their prerequisites: a user who can sign in, rows, files. Only the
# prerequisites of the chosen steps are prepared, so that a server without the other features can be measured.
NEEDS = {"health": (), "account": ("person",), "create": ("person", "rows"), "read": ("person", "rows"), "list": ("person", "rows"),
         "list_total": ("person", "rows"), "update": ("person", "rows"), "mixed": ("person", "rows"), "login": ("person",),
         "account_during_login": ("person",), "upload": ("person", "files"), "download": ("person", "files"),
         "fanout": ("person", "rows")}


def log(*a):
    print(time.strftime("%H:%M:%S"), *a, file=sys.stderr, flush=True)


# ---------------------------------------------------------------- small helpers

class Http:
    """A keep-alive JSON client."""

    def __init__(self, port, host="127.0.0.1", timeout=30):
        self.c = http.client.HTTPConnection(host, port, timeout=timeout)

    def __call__(self, method, path, body=None, headers=None, ok=(200, 201, 202, 204)):
        h = {"Content-Type": "application/json"}
        h.update(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        for attempt in (0, 1):
            try:
                self.c.request(method, path, body, h)
                r = self.c.getresponse()
                data = r.read()
                break
            except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
                self.c.close()
                if attempt:
                    raise
        if ok and r.status not in ok:
            raise RuntimeError(f"{method} {path} -> {r.status}: {data[:400]!r}")
        self.status, self.headers = r.status, r.headers
        try:
            return json.loads(data) if data else None
        except ValueError:
            return data


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def multipart(fields, file_field, content, boundary="benchboundary7d1f"):
    out = b""
    for k, v in fields.items():
        out += (f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n').encode()
    out += (f'--{boundary}\r\nContent-Disposition: form-data; name="{file_field}"; filename="blob.bin"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode() + content + b"\r\n"
    out += f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", out


def children(pid):
    """A process id and those of all its descendants."""
    pids, todo = [], [pid]
    while todo:
        p = todo.pop()
        pids.append(p)
        try:
            for t in os.listdir(f"/proc/{p}/task"):
                with open(f"/proc/{p}/task/{t}/children") as f:
                    todo += [int(x) for x in f.read().split()]
        except OSError:
            pass
    return pids


def memory(pid):
    tot = {"rss_kib": 0, "pss_kib": 0}
    for p in children(pid):
        try:
            for l in open(f"/proc/{p}/smaps_rollup"):
                k = l.split(":")[0]
                if k in ("Rss", "Pss"):
                    tot[k.lower() + "_kib"] += int(l.split()[1])
        except OSError:
            pass
    return tot


def cpu_seconds(pid):
    s = 0.0
    for p in children(pid):
        try:
            f = open(f"/proc/{p}/stat").read().rsplit(")", 1)[1].split()
            s += (int(f[11]) + int(f[12])) / TICK
        except OSError:
            pass
    return s


def machine_busy():
    """(busy, total) CPU seconds of the whole machine; busy excludes idle and iowait."""
    f = [int(x) for x in open("/proc/stat").readline().split()[1:9]]
    return (sum(f) - f[3] - f[4]) / TICK, sum(f) / TICK


def set_priority(nice):
    """Sets the priority of this process and its children. With the kernel's autogroup on, nice values only
    apply within a session, so this starts a new session and sets the priority of its autogroup."""
    if os.getsid(0) != os.getpid():
        try:
            os.setsid()
        except PermissionError:
            pid = os.fork()
            if pid:
                signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
                signal.signal(signal.SIGINT, lambda *_: os.kill(pid, signal.SIGTERM))
                while True:
                    try:
                        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
                    except InterruptedError:
                        pass
            os.setsid()
    try:
        with open("/proc/self/autogroup", "w") as f:
            f.write(str(nice))
    except OSError:
        pass
    os.setpriority(os.PRIO_PROCESS, 0, nice)


def wait_quiet(limit, max_busy=0.15):
    """Waits until the machine is mostly idle, up to `limit` seconds."""
    end = time.time() + limit
    while True:
        b0, t0 = machine_busy()
        time.sleep(1.0)
        b1, t1 = machine_busy()
        busy = (b1 - b0) / max(t1 - t0, 1e-9)
        if busy <= max_busy or time.time() > end:
            return round(busy, 3)


def dir_bytes(path):
    n = 0
    for root, _, files in os.walk(path):
        for f in files:
            try:
                st = os.stat(os.path.join(root, f))
                n += min(st.st_size, st.st_blocks * 512)
            except OSError:
                pass
    return n


def checkpointed(path, tmp):
    """Size of an SQLite database after a checkpoint of its write-ahead log (on a copy)."""
    import sqlite3
    if not path or not os.path.exists(path):
        return None
    copy = os.path.join(tmp, "copy.db")
    try:
        for suf in ("", "-wal"):
            if os.path.exists(path + suf):
                shutil.copy(path + suf, copy + suf)
        c = sqlite3.connect(copy)
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        c.close()
        return os.path.getsize(copy)
    except sqlite3.Error:
        return None
    finally:
        for suf in ("", "-wal", "-shm"):
            if os.path.exists(copy + suf):
                os.remove(copy + suf)


# ---------------------------------------------------------------- targets

class Target:
    """Adapter of a system under test. Requests are (method, path, body-or-None)."""
    name = "?"
    password_hash = "?"
    notes = ""
    supports = {"crud", "login", "files", "fanout", "total"}   # and "account"
    auth = {}                                    # headers of the authenticated user

    def __init__(self, args):
        self.args = args
        self.bin = args.bin

    def argv(self, d, port): raise NotImplementedError
    def env(self, d): return {}
    def prepare(self, d): pass                   # before the first start
    def bootstrap(self, http, needs): pass       # after the first start: user, rows, files as needed; sets self.auth
    def health(self): raise NotImplementedError
    def row(self, i): return {"room": f"r{i % ROOMS}", "text": f"{i:06d} {TEXT}", "n": i}
    def create(self, i): raise NotImplementedError
    def read(self, id_): raise NotImplementedError
    def update(self, id_, i): raise NotImplementedError
    def list(self, room, total=False): raise NotImplementedError
    def list_ids(self, answer): raise NotImplementedError
    def login(self): raise NotImplementedError
    def account(self): raise NotImplementedError # the signed-in user, by a session
    def upload(self, content): raise NotImplementedError   # -> path, content-type, body
    def download(self, answer): raise NotImplementedError  # answer of an upload -> path
    def db_paths(self, d): return {}             # name -> file; sizes are reported
    def fan_create(self, text): raise NotImplementedError  # -> path, json body
    def fan_socket(self, port, http): raise NotImplementedError  # -> connected, subscribed socket
    def total(self, answer): return None         # answer of list(total=True) -> matching rows
    def list_ok(self, answer): return len(self.list_ids(answer)) == 25


def sse_socket(port, path, headers, until=b"\r\n\r\n", timeout=20):
    s = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    h = "".join(f"{k}: {v}\r\n" for k, v in headers.items())
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n{h}\r\n".encode())
    buf = b""
    while until not in buf:
        d = s.recv(65536)
        if not d:
            raise RuntimeError(f"subscribe closed: {buf[:300]!r}")
        buf += d
    if not re.match(rb"HTTP/1\.1 (200|101)", buf):
        raise RuntimeError(f"subscribe: {buf[:300]!r}")
    return s, buf


class TrailBase(Target):
    name = "trailbase"
    password_hash = "argon2id m=19456 KiB t=2 p=1"
    notes = "record API, SQLite; create_access_rule and update_access_rule on the owner column"

    def argv(self, d, port):
        return [self.bin, "--depot", d + "/depot", "run", "--address", f"127.0.0.1:{port}"]

    def prepare(self, d):
        os.makedirs(d + "/depot/migrations/main")
        open(d + "/depot/config.textproto", "w").write("""
email {}
server { application_name: "bench" site_url: "http://127.0.0.1" auth_ip_rate_limit: 0 }
auth {}
jobs {}
record_apis: [
  { name: "msgs" table_name: "msgs" enable_subscriptions: true
    acl_authenticated: [CREATE, READ, UPDATE, DELETE]
    create_access_rule: "_REQ_.owner = _USER_.id"
    update_access_rule: "_ROW_.owner = _USER_.id"
    delete_access_rule: "_ROW_.owner = _USER_.id" },
  { name: "files" table_name: "files" acl_authenticated: [CREATE, READ, UPDATE, DELETE] }
]
""")
        open(d + "/depot/migrations/main/U1700000000__bench.sql", "w").write(f"""
INSERT INTO _user (id, email, password_hash, verified, admin)
  VALUES (uuid_v4(), '{EMAIL}', (hash_password('{PASSWORD}')), TRUE, FALSE);
CREATE TABLE msgs (
  id BLOB PRIMARY KEY NOT NULL CHECK(is_uuid_v7(id)) DEFAULT (uuid_v7()),
  owner BLOB NOT NULL REFERENCES _user(id) ON DELETE CASCADE,
  room TEXT NOT NULL, text TEXT NOT NULL, n INTEGER NOT NULL,
  created INTEGER NOT NULL DEFAULT (UNIXEPOCH())
) STRICT;
CREATE INDEX msgs_room ON msgs(room, created);
CREATE TABLE files (
  id BLOB PRIMARY KEY NOT NULL CHECK(is_uuid_v7(id)) DEFAULT (uuid_v7()),
  file TEXT CHECK(jsonschema('std.FileUpload', file))
) STRICT;
""")

    def bootstrap(self, http, needs):
        r = http("POST", "/api/auth/v1/login", {"email": EMAIL, "password": PASSWORD})
        tok = r["auth_token"]
        part = tok.split(".")[1]
        self.owner = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sub"]
        self.auth = {"Authorization": "Bearer " + tok}

    def health(self): return "GET", "/api/healthcheck", None
    def row(self, i): return dict(super().row(i), owner=self.owner)
    def create(self, i): return "POST", "/api/records/v1/msgs", self.row(i)
    def read(self, id_): return "GET", f"/api/records/v1/msgs/{id_}", None
    def update(self, id_, i):
        return "PATCH", f"/api/records/v1/msgs/{id_}", {"text": f"{i:06d} {TEXT}", "n": i}
    def list(self, room, total=False):
        q = f"/api/records/v1/msgs?filter[room]={room}&order=-created&limit=25"
        return "GET", q + ("&count=true" if total else ""), None
    def list_ids(self, a): return [r["id"] for r in a["records"]]
    def total(self, a): return a["total_count"]
    def login(self): return "POST", "/api/auth/v1/login", {"email": EMAIL, "password": PASSWORD}
    def upload(self, content): return ("/api/records/v1/files",) + multipart({}, "file", content)
    def download(self, a): return f"/api/records/v1/files/{a['ids'][0]}/file/file"
    def db_paths(self, d):
        return {k: f"{d}/depot/data/{k}.db" for k in ("main", "logs", "session")}
    def fan_create(self, text):
        return "/api/records/v1/msgs", {"room": "fan", "text": text, "n": 1, "owner": self.owner}
    def fan_socket(self, port, http):
        return sse_socket(port, "/api/records/v1/msgs/subscribe/*", self.auth)[0]


class PocketBase(Target):
    name = "pocketbase"
    password_hash = "bcrypt cost 10"
    notes = "collection API, SQLite; createRule/updateRule on the owner relation; list asks skipTotal=1 except list_total"
    ADMIN = "admin@example.com"

    def argv(self, d, port):
        return [self.bin, "serve", "--dir", d + "/pb_data", "--http", f"127.0.0.1:{port}"]

    def prepare(self, d):
        subprocess.run([self.bin, "superuser", "upsert", self.ADMIN, PASSWORD, "--dir", d + "/pb_data"],
                       check=True, stdout=subprocess.DEVNULL, timeout=60)

    def bootstrap(self, http, needs):
        adm = http("POST", "/api/collections/_superusers/auth-with-password",
                   {"identity": self.ADMIN, "password": PASSWORD})
        h = {"Authorization": adm["token"]}
        users = http("GET", "/api/collections/users", headers=h)
        u = http("POST", "/api/collections/users/records", {
            "email": EMAIL, "password": PASSWORD, "passwordConfirm": PASSWORD, "verified": True}, h)
        self.owner = u["id"]
        anyone, own = "@request.auth.id != ''", "owner = @request.auth.id"
        http("POST", "/api/collections", {
            "name": "msgs", "type": "base", "listRule": anyone, "viewRule": anyone,
            "createRule": "@request.auth.id != '' && " + own, "updateRule": own, "deleteRule": own,
            "fields": [
                {"name": "owner", "type": "relation", "required": True, "maxSelect": 1,
                 "collectionId": users["id"], "cascadeDelete": True},
                {"name": "room", "type": "text", "required": True},
                {"name": "text", "type": "text", "required": True},
                {"name": "n", "type": "number"},
                {"name": "created", "type": "autodate", "onCreate": True}],
            "indexes": ["CREATE INDEX idx_msgs_room ON msgs (room, created)"]}, h)
        http("POST", "/api/collections", {
            "name": "files", "type": "base", "listRule": anyone, "viewRule": anyone, "createRule": anyone,
            "fields": [{"name": "file", "type": "file", "maxSelect": 1, "maxSize": 5242880}]}, h)
        t = http("POST", "/api/collections/users/auth-with-password",
                 {"identity": EMAIL, "password": PASSWORD})
        self.auth = {"Authorization": t["token"]}

    def health(self): return "GET", "/api/health", None
    def row(self, i): return dict(super().row(i), owner=self.owner)
    def create(self, i): return "POST", "/api/collections/msgs/records", self.row(i)
    def read(self, id_): return "GET", f"/api/collections/msgs/records/{id_}", None
    def update(self, id_, i):
        return "PATCH", f"/api/collections/msgs/records/{id_}", {"text": f"{i:06d} {TEXT}", "n": i}
    def list(self, room, total=False):
        f = urllib.parse.quote(f"room='{room}'")
        q = f"/api/collections/msgs/records?filter={f}&sort=-created&perPage=25"
        return "GET", q + ("" if total else "&skipTotal=1"), None
    def list_ids(self, a): return [r["id"] for r in a["items"]]
    def total(self, a): return a["totalItems"]
    def login(self):
        return "POST", "/api/collections/users/auth-with-password", {"identity": EMAIL, "password": PASSWORD}
    def upload(self, content): return ("/api/collections/files/records",) + multipart({}, "file", content)
    def download(self, a): return f"/api/files/{a['collectionId']}/{a['id']}/{a['file']}"
    def db_paths(self, d):
        return {"main": d + "/pb_data/data.db", "logs": d + "/pb_data/auxiliary.db"}
    def fan_create(self, text):
        return "/api/collections/msgs/records", {"room": "fan", "text": text, "n": 1, "owner": self.owner}
    def fan_socket(self, port, http):
        s, buf = sse_socket(port, "/api/realtime", {}, until=b'"clientId":"')
        while not re.search(rb'"clientId":"([^"]+)"', buf):
            buf += s.recv(65536)
        cid = re.search(rb'"clientId":"([^"]+)"', buf).group(1).decode()
        http("POST", "/api/realtime", {"clientId": cid, "subscriptions": ["msgs/*"]}, self.auth)
        return s


class Appwrite(Target):
    """Any server speaking the Appwrite REST API, prepared through its console API.

    Run against Appwrite 1.8.1 itself. Rate limits must be off on the server under test
    (login is called in a loop, by a separate user: a user keeps 10 sessions, older ones are deleted).
    Option --db-glob: the database files."""
    name = "appwrite"
    password_hash = "the server's own (Appwrite 1.8.1: argon2id m=65536 KiB t=4 p=3)"
    supports = Target.supports | {"account"}
    notes = "databases/collections/documents API, collection permissions create+read for users, document security on"
    P = "bench"
    LOGIN = "login-" + EMAIL

    def argv(self, d, port):
        return [a.format(port=port, dir=d) for a in shlex.split(self.args.cmd)]

    def bootstrap(self, http, needs):
        if not needs:
            return
        con = {"X-Appwrite-Project": "console"}
        admin = {"email": "admin@example.com", "password": PASSWORD}
        http("POST", "/v1/account", dict(admin, userId="unique()", name="Admin"), con, ok=(201, 409, 501))
        http("POST", "/v1/account/sessions/email", admin, con)
        con["Cookie"] = self.cookie(http)
        team = http("POST", "/v1/teams", {"teamId": "unique()", "name": "Bench"}, con)
        self.P = "bench" + os.urandom(4).hex()   # with --url the server keeps the data of earlier rounds
        http("POST", "/v1/projects", {"projectId": self.P, "name": "Bench", "teamId": team["$id"],
                                      "region": "default"}, con)
        self.pub = {"X-Appwrite-Project": self.P}
        if needs & {"rows", "files"}:
            key = http("POST", f"/v1/projects/{self.P}/keys", {"name": "bench", "scopes": [
                "databases.read", "databases.write", "collections.read", "collections.write", "attributes.read",
                "attributes.write", "indexes.read", "indexes.write", "documents.read", "documents.write",
                "buckets.read", "buckets.write", "files.read", "files.write", "users.read", "users.write"]}, con)
            srv = self.srv = dict(self.pub, **{"X-Appwrite-Key": key["secret"]})
        if "rows" in needs:
            self.collection(http, srv)
        if "files" in needs:
            http("POST", "/v1/storage/buckets", {"bucketId": "bench", "name": "bench", "permissions": self.PERMS}, srv)
        user = {"email": EMAIL, "password": PASSWORD}
        for u in (user, dict(user, email=self.LOGIN)):
            http("POST", "/v1/account", dict(u, userId="unique()", name="Bench"), self.pub)
        http("POST", "/v1/account/sessions/email", user, self.pub)
        self.auth = dict(self.pub, Cookie=self.cookie(http))

    PERMS = ['create("users")', 'read("users")']

    def collection(self, http, srv):
        http("POST", "/v1/databases", {"databaseId": "bench", "name": "bench"}, srv)
        c = "/v1/databases/bench/collections"
        http("POST", c, {"collectionId": "msgs", "name": "msgs", "permissions": self.PERMS,
                         "documentSecurity": True}, srv)
        http("POST", c + "/msgs/attributes/string", {"key": "room", "size": 64, "required": True}, srv)
        http("POST", c + "/msgs/attributes/string", {"key": "text", "size": 2000, "required": True}, srv)
        http("POST", c + "/msgs/attributes/integer", {"key": "n", "required": True}, srv)
        self.available(http, c + "/msgs/attributes", "attributes", srv)
        for attrs in (["room", "$createdAt"], ["room"]):
            http("POST", c + "/msgs/indexes", {"key": "room_created", "type": "key", "attributes": attrs}, srv, ok=None)
            if http.status in (201, 202):
                break
        self.available(http, c + "/msgs/indexes", "indexes", srv)

    @staticmethod
    def cookie(http):
        """a_session_<project>=...; the variant for old browsers (…_legacy) is ignored."""
        for v in http.headers.get_all("Set-Cookie") or []:
            kv = v.split(";")[0]
            if kv.startswith("a_session_") and "_legacy=" not in kv:
                return kv
        raise RuntimeError("no session cookie")

    @staticmethod
    def available(http, path, what, h):
        for _ in range(200):
            if all(x["status"] == "available" for x in http("GET", path, headers=h)[what]):
                return
            time.sleep(0.05)
        raise RuntimeError(what + " not available")

    D = "/v1/databases/bench/collections/msgs/documents"

    def health(self): return "GET", "/v1/health/version", None
    def create(self, i): return "POST", self.D, {"documentId": "unique()", "data": self.row(i)}
    def read(self, id_): return "GET", f"{self.D}/{id_}", None
    def update(self, id_, i): return "PATCH", f"{self.D}/{id_}", {"data": {"text": f"{i:06d} {TEXT}", "n": i}}
    def list(self, room, total=False):
        qs = [{"method": "equal", "attribute": "room", "values": [room]},
              {"method": "orderDesc", "attribute": "$createdAt"}, {"method": "limit", "values": [25]}]
        q = "&".join("queries[]=" + urllib.parse.quote(json.dumps(x, separators=(",", ":"))) for x in qs)
        return "GET", f"{self.D}?{q}" + ("" if total else "&total=false"), None
    def list_ids(self, a): return [r["$id"] for r in a["documents"]]
    def total(self, a): return a["total"]
    def login(self): return "POST", "/v1/account/sessions/email", {"email": self.LOGIN, "password": PASSWORD}
    def account(self): return "GET", "/v1/account", None
    def upload(self, content):
        return ("/v1/storage/buckets/bench/files",) + multipart({"fileId": "unique()"}, "file", content)
    def download(self, a): return f"/v1/storage/buckets/bench/files/{a['$id']}/download"
    def db_paths(self, d):
        import glob
        return {os.path.basename(p): p for p in glob.glob(d + "/" + self.args.db_glob, recursive=True)}
    def fan_create(self, text):
        return self.D, {"documentId": "unique()", "data": {"room": "fan", "text": text, "n": 1}}
    def fan_socket(self, port, http):
        path = f"/v1/realtime?project={self.P}&channels[]=databases.bench.collections.msgs.documents"
        key = base64.b64encode(os.urandom(16)).decode()
        s, buf = sse_socket(port, path, dict(
            self.auth, Upgrade="websocket", Connection="Upgrade", Origin="http://localhost",
            **{"Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"}))
        while b'"connected"' not in buf:
            d = s.recv(65536)
            if not d:
                raise RuntimeError(f"realtime closed: {buf[-300:]!r}")
            buf += d
        return s


def ferrite(binary):
    """Adapter of a ferrite binary without rate limits, for the other scripts here."""
    serve = f"{binary} serve --listen 127.0.0.1:{{port}} --data {{dir}}/data --rate-limits off"
    return Appwrite(argparse.Namespace(cmd=serve, bin=binary, db_glob=None))


class Reference(Target):
    """limits/ `bench-limits serve`: axum without a database (health and fan-out only)."""
    name = "reference"
    password_hash = "-"
    supports = {"fanout", "account"}
    notes = "axum JSON hello and in-memory SSE broadcast: the floor of this machine and of this harness"
    def argv(self, d, port): return [self.bin, "serve", f"127.0.0.1:{port}"]
    def health(self): return "GET", "/health", None
    def account(self): return self.health()      # baseline of the account step: a request without database access
    def fan_create(self, text): return "/msgs", {"room": "fan", "text": text, "n": 1}
    def fan_socket(self, port, http): return sse_socket(port, "/subscribe", {})[0]


TARGETS = {t.name: t for t in (TrailBase, PocketBase, Appwrite, Reference)}


# ---------------------------------------------------------------- running a server

class Server:
    def __init__(self, target, d, port, logname):
        self.t, self.d, self.port = target, d, port
        self.log = open(os.path.join(d, logname), "ab")
        self.p = None

    def start(self, limit=60, fresh=False):
        if fresh and hasattr(self.t, "pub"):
            self.t.pub = {}  # these headers name the previous round's project, which an empty folder does not have
        m, path, _ = self.t.health()
        req = f"{m} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
        req += "".join(f"{k}: {v}\r\n" for k, v in getattr(self.t, "pub", {}).items()) + "\r\n"
        t0 = time.perf_counter()
        self.p = subprocess.Popen(self.t.argv(self.d, self.port), stdout=self.log, stderr=self.log,
                                  cwd=self.d, env=dict(os.environ, **self.t.env(self.d)))
        while time.perf_counter() - t0 < limit:
            if self.p.poll() is not None:
                raise RuntimeError(f"server ended with {self.p.returncode}, see {self.log.name}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=2) as s:
                    s.sendall(req.encode())
                    if b" 200 " in s.recv(4096)[:16]:
                        return time.perf_counter() - t0
            except OSError:
                pass
            time.sleep(0.001)
        raise RuntimeError("no 200 within the limit")

    def stop(self):
        if self.p and self.p.poll() is None:
            self.p.terminate()
            try:
                self.p.wait(15)
            except subprocess.TimeoutExpired:
                self.p.kill()
                self.p.wait(10)
        if self.p:
            self.log.flush()


class External:
    """A server that was started elsewhere (--url): no figures for memory, CPU, start and size."""
    def __init__(self, port): self.port, self.p = port, None
    def start(self, fresh=False): return None
    def stop(self): pass


def wrk(tmp, port, plan, headers, conns, secs=None, tail=None, pid=None, limit=120):
    """Runs wrk once. secs=None: each line of the plan once; else the plan is repeated for secs seconds."""
    pf = os.path.join(tmp, "plan")
    with open(pf, "w") as f:
        for m, p, b in plan:
            f.write(f"{m}\t{p}\t{b if isinstance(b, str) else json.dumps(b) if b is not None else ''}\n")
    done = os.path.join(tmp, "done")
    if os.path.exists(done):
        os.remove(done)
    if secs is None:
        open(pf + ".tail", "w").write(f"{tail[0]}\t{tail[1]}\t\n")
    h = {"Content-Type": "application/json"}
    h.update(headers)
    argv = ["wrk", "-t1", f"-c{conns}", f"-d{int(secs or limit)}s", "--timeout", "30s", "--latency", "-s", LUA]
    for k, v in h.items():
        argv += ["-H", f"{k}: {v}"]
    argv += [f"http://127.0.0.1:{port}", "--", pf, "count" if secs is None else "time", done]
    ru = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    c0, (b0, m0), u0, t0 = cpu_seconds(pid) if pid else 0, machine_busy(), ru(), time.perf_counter()
    p = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    c1 = None
    try:
        if secs is None:
            while p.poll() is None and time.perf_counter() - t0 < limit:
                if os.path.exists(done) and open(done).read().endswith("\n"):
                    c1 = cpu_seconds(pid) if pid else 0
                    p.send_signal(signal.SIGINT)
                    break
                time.sleep(0.01)
        out, _ = p.communicate(timeout=limit + 60)
    except BaseException:
        p.kill()
        p.wait()
        raise
    wall = time.perf_counter() - t0
    if c1 is None:
        c1 = cpu_seconds(pid) if pid else 0
    m = re.search(r"^BENCH (\{.*\})$", out, re.M)
    if not m:
        raise RuntimeError("wrk said: " + out[-800:])
    r = json.loads(m.group(1))
    if secs is None:
        r["count"] = len(plan)
        r["elapsed_s"] = float(open(done).read())
    else:
        r["count"] = r.pop("requests")
        r["elapsed_s"] = r["duration_us"] / 1e6
    r.pop("duration_us", None)
    r["errors"] = sum(r.pop(k) for k in ("err_connect", "err_read", "err_write", "err_status", "err_timeout"))
    r["rps"] = round(r["count"] / r["elapsed_s"], 1)
    r["conns"] = conns
    if pid:
        r["server_cpu_us_per_req"] = round((c1 - c0) * 1e6 / max(r["count"], 1), 1)
        r["server_cpu_cores"] = round((c1 - c0) / r["elapsed_s"], 2)
    b1, m1 = machine_busy()
    r["machine_busy"] = round((b1 - b0) / max(m1 - m0, 1e-9), 2)
    r["wrk_cpu_cores"] = round((ru() - u0) / wall, 2)
    if pid:                                   # CPU used by neither the server nor wrk: other work
        r["foreign_cores"] = round(max(0.0, b1 - b0 - (cpu_seconds(pid) - c0) - (ru() - u0)) / wall, 2)
    r["wall_s"] = round(wall, 2)
    return r


class Background:
    """Connections that repeat one request until stopped."""

    def __init__(self, port, request, headers, conns):
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.repeat, args=(port, request, headers), daemon=True) for _ in range(conns)]
        for thread in self.threads:
            thread.start()

    def repeat(self, port, request, headers):
        http = Http(port)
        while not self.over.is_set():
            http(*request, headers=headers, ok=None)

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(30)


def paced(port, request, headers, rate, secs):
    """One connection, one request every 1/rate s; latency is measured from the scheduled time of each request."""
    http, took, errors = Http(port), [], 0
    start = time.perf_counter()
    for i in range(int(rate * secs)):
        due = start + i / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        http(*request, headers=headers, ok=None)
        errors += http.status > 399
        took.append(time.perf_counter() - due)
    took.sort()
    pick = lambda q: int(took[min(len(took) - 1, int(len(took) * q))] * 1e6)
    return {"count": len(took), "elapsed_s": round(time.perf_counter() - start, 2), "rate": rate, "errors": errors, "conns": 1,
            "p50_us": pick(.5), "p90_us": pick(.9), "p99_us": pick(.99), "max_us": int(took[-1] * 1e6)}


def fanout(t, port, http, subs, rate, secs):
    """subs subscribers; one writer creates `rate` rows/s; all in one epoll loop, one clock."""
    sel = selectors.DefaultSelector()
    socks = []
    try:
        for i in range(subs):
            s = t.fan_socket(port, http)
            s.setblocking(False)
            sel.register(s, selectors.EVENT_READ, i)
            socks.append(s)
        time.sleep(1.0)
        for s in socks:                       # discard initial events
            try:
                while s.recv(65536):
                    pass
            except (BlockingIOError, InterruptedError):
                pass
        w = socket.create_connection(("127.0.0.1", port))
        w.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        w.setblocking(False)
        sel.register(w, selectors.EVENT_READ, -1)
        socks.append(w)
        hdr = "".join(f"{k}: {v}\r\n" for k, v in dict({"Content-Type": "application/json"}, **t.auth).items())
        total = int(rate * secs)
        sent, got, answers, closed = {}, [], b"", 0
        gc.disable()                          # the timed loop only receives; parsing follows afterwards
        start = last_data = time.perf_counter()
        nxt, seq = start, 0
        while True:
            now = time.perf_counter()
            if now > start + secs + 8 or (seq == total and now > max(last_data, sent[seq - 1]) + 1.5):
                break
            if seq < total and now >= nxt:
                path, body = t.fan_create(f"fan-{seq:06d}-" + "x" * 88)
                b = json.dumps(body).encode()
                msg = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{hdr}Content-Length: {len(b)}\r\n\r\n".encode() + b
                sent[seq] = time.perf_counter()
                w.send(msg)
                seq += 1
                nxt = start + seq / rate
            for key, _ in sel.select(max(0.0, min(nxt - time.perf_counter(), 0.05)) if seq < total else 0.05):
                try:
                    d = key.fileobj.recv(65536)
                except (BlockingIOError, InterruptedError):
                    continue
                at = time.perf_counter()
                if not d:
                    sel.unregister(key.fileobj)
                    closed += 1
                elif key.data < 0:
                    answers = (answers + d)[-65536:]
                else:
                    got.append((at, key.data, d))
                    last_data = at
        gc.enable()
        lat, last, tails, seen = [], {}, [b""] * subs, [set() for _ in range(subs)]
        pat = re.compile(rb"fan-(\d{6})-")
        for at, i, d in got:
            buf = tails[i] + d
            for m in pat.finditer(buf):
                q = int(m.group(1))
                if q in sent and q not in seen[i]:
                    seen[i].add(q)
                    lat.append(at - sent[q])
                    last[q] = max(last.get(q, 0), at - sent[q])
            tails[i] = buf[-10:]
        if not lat:
            raise RuntimeError(f"no event arrived; writer saw {answers[:300]!r}")
        lat.sort()
        ls = sorted(last.values())
        pick = lambda a, q: round(a[min(len(a) - 1, int(len(a) * q))] * 1e3, 2)
        return {"subscribers": subs, "writes": total, "rate": rate, "expected": total * subs,
                "delivered": len(lat), "closed": closed,
                "p50_ms": pick(lat, .5), "p90_ms": pick(lat, .9), "p99_ms": pick(lat, .99),
                "max_ms": round(lat[-1] * 1e3, 2), "last_subscriber_p50_ms": pick(ls, .5),
                "last_subscriber_p99_ms": pick(ls, .99)}
    finally:
        sel.close()
        for s in socks:
            s.close()


# ---------------------------------------------------------------- the scenario

QUIET = 0.25            # maximum CPU of other work, in cores, during a quiet step
REPEATABLE = {"health", "account", "read", "list", "list_total", "update", "mixed", "login", "download"}

def one_round(t, a, tmp, rnd):
    out = {"steps": {}, "round": rnd}
    st = out["steps"]
    d = os.path.join(tmp, f"round{rnd}")
    os.makedirs(d)
    if a.url:
        srv = External(urllib.parse.urlparse(a.url).port)
    else:
        t.prepare(d)
        srv = Server(t, d, free_port(), "server.log")
    rng = random.Random(1234)
    steps = a.steps or list(NEEDS)
    want = lambda s: s in steps

    def step(name, fn):
        if not want(name):
            return
        try:
            for attempt in range(1 + (a.retries if name in REPEATABLE else 0)):
                busy = wait_quiet(a.quiet_wait)
                r = fn()
                r["busy_before"] = busy
                if name not in st or r.get("foreign_cores", 0) < st[name].get("foreign_cores", 0):
                    st[name] = r              # of several tries the quietest is kept
                if r.get("foreign_cores", 0) <= QUIET:
                    break
            r = st[name]
            log(f"  {t.name} r{rnd} {name}: " + (f"{r['rps']} req/s p50 {r['p50_us']}us p99 {r['p99_us']}us errors {r['errors']} foreign {r.get('foreign_cores')}"
                if "rps" in r else json.dumps(r)))
        except Exception as e:                # a failed step is recorded as a result
            st[name] = {"error": str(e)[:500]}
            log(f"  {t.name} r{rnd} {name}: FAILED {e}")

    try:
        cold = srv.start(fresh=True)
        http = Http(srv.port)
        pid = srv.p.pid if srv.p else None
        W = lambda plan, conns=a.conns, secs=a.secs, headers=None, **k: wrk(
            tmp, srv.port, plan, t.auth if headers is None else headers, conns, secs, pid=pid, **k)
        if pid:
            time.sleep(2)
            out["startup_first_ms"] = round(cold * 1e3, 1)
            out["memory_idle"] = memory(pid)
        t.bootstrap(http, {n for s in steps for n in NEEDS[s]})
        pub = getattr(t, "pub", {})
        step("health", lambda: W([t.health()], headers=pub))
        if "account" in t.supports:
            step("account", lambda: W([t.account()]))
        if "crud" in t.supports and any("rows" in NEEDS[s] for s in steps if s != "fanout"):
            tail = t.health()
            # the first row, with the plain client: checks the reply before anything is timed
            first = http(*t.create(0), headers=t.auth)
            log("  first create answered", json.dumps(first)[:160])
            fill = lambda: W([t.create(i) for i in range(1, a.rows)], secs=None, tail=tail, limit=a.create_limit)
            step("create", fill) if want("create") else fill()
            time.sleep(1.5)
            if pid:
                sizes = {}
                for k, p in t.db_paths(d).items():
                    for suf in ("", "-wal"):
                        if os.path.exists(p + suf):
                            sizes[k + suf] = os.path.getsize(p + suf)
                out["db_bytes_after_create"] = sizes
                out["db_checkpointed_bytes"] = checkpointed(t.db_paths(d).get("main") or next(iter(t.db_paths(d).values()), None), tmp)
                out["data_dir_bytes_after_create"] = dir_bytes(d)
                out["memory_after_create"] = memory(pid)
            ids, short = [], 0
            for r in range(ROOMS):
                ans = http(*t.list(f"r{r}"), headers=t.auth)
                got = t.list_ids(ans)
                short += not t.list_ok(ans)
                ids += got
            if short:
                log(f"  {short} of {ROOMS} lists had fewer than 25 rows")
            out["sampled_ids"] = len(ids)
            out["rows_present"] = sum(t.total(http(*t.list(f"r{r}", True), headers=t.auth)) for r in range(ROOMS))
            if out["rows_present"] != a.rows:
                log(f"  {out['rows_present']} rows present instead of {a.rows}")
            rng.shuffle(ids)
            rooms = [f"r{i}" for i in range(ROOMS)]
            rng.shuffle(rooms)
            step("read", lambda: W([t.read(i) for i in ids]))
            step("list", lambda: W([t.list(r) for r in rooms]))
            if "total" in t.supports:
                step("list_total", lambda: W([t.list(r, True) for r in rooms]))
            step("update", lambda: W([t.update(x, k) for k, x in enumerate(ids)]))

            def mixed():
                plan = []
                for k in range(4000):
                    x = rng.random()
                    plan.append(t.read(rng.choice(ids)) if x < .6 else t.list(rng.choice(rooms)) if x < .8
                                else t.create(k) if x < .9 else t.update(rng.choice(ids), k))
                return W(plan)
            step("mixed", mixed)
        if "login" in t.supports:
            step("login", lambda: W([t.login()], conns=4, headers=pub))
        if {"login", "account"} <= t.supports:
            def during():
                """Latency of a low request rate while every core hashes passwords."""
                busy = Background(srv.port, t.login(), dict(pub), conns=4)
                try:
                    time.sleep(0.5)
                    return paced(srv.port, t.account(), t.auth, rate=50, secs=a.secs)
                finally:
                    busy.stop()
            step("account_during_login", during)
        if "files" in t.supports and (want("upload") or want("download")):
            content = os.urandom(1 << 20)
            path, ctype, body = t.upload(content)
            bf = os.path.join(tmp, "upload.bin")
            open(bf, "wb").write(body)
            h = dict(t.auth, **{"Content-Type": ctype})
            ans = http("POST", path, body, h)
            dl = t.download(ans)
            step("upload", lambda: W([("POST", path, "@" + bf)] * 200, conns=4, secs=None, headers=h, tail=t.health()))

            def down():
                got = http("GET", dl, headers=t.auth)
                if got != content:
                    raise RuntimeError("downloaded bytes differ")
                return W([("GET", dl, None)], conns=4)
            step("download", down)
        if "fanout" in t.supports and want("fanout"):
            step("fanout", lambda: fanout(t, srv.port, Http(srv.port), a.subs, 20, 8))
        if pid:
            time.sleep(2)
            out["memory_after_run"] = memory(pid)
            out["data_dir_bytes_end"] = dir_bytes(d)
            srv.stop()
            out["startup_again_ms"] = round(srv.start() * 1e3, 1)   # with the data of this round
    finally:
        srv.stop()
    if not a.keep:
        shutil.rmtree(d, ignore_errors=True)
    return out


def med(xs):
    xs = [x for x in xs if isinstance(x, (int, float))]
    return round(statistics.median(xs), 3) if xs else None


def medians(rounds):
    def merge(vals):
        if all(isinstance(v, dict) for v in vals):
            return {k: merge([v[k] for v in vals if k in v]) for k in {k: 0 for v in vals for k in v}}
        if all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in vals):
            return med(vals)
        return vals[0]
    out = merge([{k: v for k, v in r.items() if k not in ("round", "steps")} for r in rounds])
    out["steps"] = {}
    for name in {k: 0 for r in rounds for k in r["steps"]}:
        vals = [r["steps"][name] for r in rounds if name in r["steps"] and "error" not in r["steps"][name]]
        if not vals:
            out["steps"][name] = next(r["steps"][name] for r in rounds if name in r["steps"])
            continue
        quiet = [v for v in vals if v.get("foreign_cores", 0) <= QUIET]
        vals = quiet or [min(vals, key=lambda v: v.get("foreign_cores", 0))]
        out["steps"][name] = merge(vals)
        out["steps"][name]["rounds_used"] = len(vals)
    return out


def cmd_run(a):
    t = TARGETS[a.target](a)
    if a.nice:
        set_priority(a.nice)
    if a.label:
        t.name = a.label
    if a.password_hash:
        t.password_hash = a.password_hash
    tmp = tempfile.mkdtemp(prefix="bench-", dir=a.tmp)
    res = {"target": t.name, "version": a.version, "password_hash": t.password_hash, "notes": t.notes + (" " + a.note if a.note else ""),
           "settings": {"conns": a.conns, "secs": a.secs, "rows": a.rows, "subs": a.subs, "nice": a.nice},
           "machine": {"cpus": os.cpu_count(), "kernel": os.uname().release,
                       "cpu": next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")},
           "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "rounds": []}
    if a.append and os.path.exists(a.out):
        res["rounds"] = json.load(open(a.out))["rounds"]
    if a.bin:
        res["binary_bytes"] = os.path.getsize(a.bin)
    try:
        for rnd in range(1, a.rounds + 1):
            log(f"{t.name}: round {rnd}/{a.rounds}")
            res["rounds"].append(one_round(t, a, tmp, rnd))
            res["median"] = medians(res["rounds"])
            os.makedirs(os.path.dirname(os.path.abspath(a.out)), exist_ok=True)
            with open(a.out, "w") as f:
                json.dump(res, f, indent=1)
    finally:
        if not a.keep:
            shutil.rmtree(tmp, ignore_errors=True)
    log("written", a.out)


STEPS = [s for s in NEEDS if s != "fanout"]


def cmd_report(a):
    rs = [json.load(open(f)) for f in a.files]
    names = [r["target"] for r in rs]
    base = next((r for r in rs if r["target"] == a.base), rs[0])
    L = []

    def table(title, rows):
        L.append(f"\n### {title}\n")
        L.append("| | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names))
        for label, cells in rows:
            L.append(f"| {label} | " + " | ".join(cells) + " |")

    def get(r, *ks):
        v = r.get("median", {})
        for k in ks:
            v = v.get(k) if isinstance(v, dict) else None
        return v

    def num(v):
        return "–" if v is None else f"{v:,.0f}" if abs(v) >= 100 else f"{v:,.1f}" if abs(v) >= 10 else f"{v:,.2f}"

    rows = []
    for s in STEPS:
        b = get(base, "steps", s, "rps")
        cells = []
        for r in rs:
            v = get(r, "steps", s, "rps")
            e = get(r, "steps", s, "errors")
            cells.append(num(v) + (f" ({v / b:.2f}x)" if v and b and r is not base else "") + (f" [{e:.0f} errors]" if e else ""))
        if any(c != "–" for c in cells):
            rows.append((s, cells))
    table(f"Requests per second (ratio to {base['target']})", rows)
    for key, title in (("p50_us", "Latency p50, ms"), ("p99_us", "Latency p99, ms")):
        rows = []
        for s in STEPS:
            c = [num(v / 1000) if (v := get(r, "steps", s, key)) is not None else "–" for r in rs]
            if any(x != "–" for x in c):
                rows.append((s, c))
        table(title, rows)
    rows = []
    for s in STEPS:
        c = [num(get(r, "steps", s, "server_cpu_us_per_req")) for r in rs]
        if any(x != "–" for x in c):
            rows.append((s, c))
    table("Server CPU per request, microseconds (steadier than req/s on a shared machine)", rows)
    rows = []
    for k, lab in (("p50_ms", "p50 ms"), ("p99_ms", "p99 ms"), ("max_ms", "max ms"),
                   ("last_subscriber_p50_ms", "last subscriber, p50 ms"), ("delivered", "events delivered"),
                   ("expected", "events expected")):
        rows.append((lab, [num(get(r, "steps", "fanout", k)) for r in rs]))
    if any(get(r, "steps", "fanout") for r in rs):
        table("Realtime fan-out (write to receipt)", rows)
    mib = lambda v: "–" if v is None else f"{v / 1048576:.1f}"
    kib = lambda v: "–" if v is None else f"{v / 1024:.1f}"
    rows = [("binary MiB", [mib(r.get("binary_bytes")) for r in rs]),
            ("first start to 200, ms", [num(get(r, "startup_first_ms")) for r in rs]),
            ("start again with data, ms", [num(get(r, "startup_again_ms")) for r in rs]),
            ("idle RSS MiB", [kib(get(r, "memory_idle", "rss_kib")) for r in rs]),
            ("idle PSS MiB", [kib(get(r, "memory_idle", "pss_kib")) for r in rs]),
            ("RSS after the creates MiB", [kib(get(r, "memory_after_create", "rss_kib")) for r in rs]),
            ("RSS after the run MiB", [kib(get(r, "memory_after_run", "rss_kib")) for r in rs]),
            ("main db after the creates MiB", [mib(get(r, "db_bytes_after_create", "main")) for r in rs]),
            ("main db with its WAL folded in MiB", [mib(get(r, "db_checkpointed_bytes")) for r in rs]),
            ("its WAL MiB", [mib(get(r, "db_bytes_after_create", "main-wal")) for r in rs]),
            ("data folder after the creates MiB", [mib(get(r, "data_dir_bytes_after_create")) for r in rs]),
            ("password hash", [r["password_hash"] for r in rs])]
    table("Memory, start, size", rows)
    L.append("")
    L += [f"- {r['target']}: {r.get('version') or ''} {r['notes']}; {len(r['rounds'])} rounds, started {r['started']}" for r in rs]
    text = "\n".join(L).strip() + "\n"
    if a.out:
        open(a.out, "w").write(text)
    print(text)


def chosen_steps(text):
    steps = text.split(",")
    unknown = [s for s in steps if s not in NEEDS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no such step: {', '.join(unknown)}")
    return steps


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = ap.add_subparsers(required=True)
    r = sub.add_parser("run")
    r.add_argument("--target", required=True, choices=TARGETS)
    r.add_argument("--bin", help="server binary")
    r.add_argument("--cmd", help="appwrite: command with {port} and {dir}")
    r.add_argument("--url", help="appwrite: a server that already runs on loopback")
    r.add_argument("--db-glob", default="**/*.db", help="appwrite: database files under the data folder")
    r.add_argument("--label", help="name in the results")
    r.add_argument("--password-hash", help="what the server hashes with, for the report")
    r.add_argument("--version", default="")
    r.add_argument("--note", default="")
    r.add_argument("--rounds", type=int, default=3)
    r.add_argument("--rows", type=int, default=20000)
    r.add_argument("--secs", type=int, default=5, help="length of a timed step")
    r.add_argument("--conns", type=int, default=16)
    r.add_argument("--subs", type=int, default=200)
    r.add_argument("--steps", type=chosen_steps, help="only these steps, comma separated: " + ", ".join(NEEDS))
    r.add_argument("--create-limit", type=int, default=180)
    r.add_argument("--quiet-wait", type=int, default=20, help="wait this long for other work to end before a step")
    r.add_argument("--retries", type=int, default=1, help="repeat a step that met other work, this many times")
    r.add_argument("--nice", type=int, default=0, help="priority of server and wrk (negative needs root): on a shared machine")
    r.add_argument("--append", action="store_true", help="add the rounds to those already in --out")
    r.add_argument("--tmp", default=None, help="where data folders go")
    r.add_argument("--keep", action="store_true", help="keep the data folders")
    r.add_argument("--out", required=True)
    r.set_defaults(fn=cmd_run)
    p = sub.add_parser("report")
    p.add_argument("files", nargs="+")
    p.add_argument("--base", default="trailbase")
    p.add_argument("--out")
    p.set_defaults(fn=cmd_report)
    a = ap.parse_args()
    a.fn(a)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
