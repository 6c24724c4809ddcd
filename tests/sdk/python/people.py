"""Users with one version of the official Python SDK: mail, second factors, imports, teams, locale, avatars.

Prints one line per chapter, as story.py does. Mails are fetched from the suite's mail server at the URL MAILS.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import time
import traceback
import urllib.parse
import urllib.request

from appwrite.client import Client
from appwrite.exception import AppwriteException
from appwrite.id import ID
from appwrite.query import Query
from appwrite.services.account import Account
from appwrite.services.avatars import Avatars
from appwrite.services.locale import Locale
from appwrite.services.teams import Teams
from appwrite.services.users import Users

from words import read

PAGE = "http://localhost:4999/page"
PASSWORD = "a long enough password"


def connect(session=None, key=None):
    client = Client().set_endpoint(os.environ["ENDPOINT"]).set_project(os.environ["PROJECT"])
    if session:
        client.set_session(session)
    if key:
        client.set_key(key)
    return client


server = connect(key=os.environ["KEY"])
users, teams, by_key = Users(server), Teams(server), Account(server)


def refused(code, error, call):
    try:
        call()
    except AppwriteException as failure:
        assert (failure.code, failure.type) == (code, error), (failure.code, failure.type, failure.message)
        return
    raise AssertionError(f"{error} was expected")


def mail_to(address, about=""):
    for _ in range(400):
        with urllib.request.urlopen(os.environ["MAILS"]) as reply:
            mails = [mail for mail in json.load(reply) if mail["to"] == address and about in mail["subject"]]
        if mails:
            return mails[-1]
        time.sleep(0.02)
    raise AssertionError(f"no mail to {address}")


def link_to(address, about=""):
    link = re.search(r"https?://\S+", mail_to(address, about)["text"]).group()
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query))


def sign_in(email, password=PASSWORD):
    """Signs a user in from a server; returns a client with the session."""
    session = read(by_key.create_email_password_session(email=email, password=password))
    return Account(connect(session["secret"])), session


def member(name):
    email = f"{name}@people.example.test"
    user = read(users.create(user_id=ID.unique(), email=email, password=PASSWORD, name=name))
    account, _ = sign_in(email)
    return user, email, account


def by_link():
    email = "py-magic@people.example.test"
    token = read(by_key.create_magic_url_token(user_id=ID.unique(), email=email, url=PAGE))
    link = link_to(email)
    assert (link["userId"], link["secret"]) == (token["userId"], token["secret"]), link
    session = read(by_key.create_session(user_id=link["userId"], secret=link["secret"]))
    assert read(Account(connect(session["secret"])).get())["emailVerification"] is True
    refused(401, "user_invalid_token", lambda: by_key.create_session(user_id=link["userId"], secret=link["secret"]))


def by_code():
    email = "py-code@people.example.test"
    token = read(by_key.create_email_token(user_id=ID.unique(), email=email, phrase=True))
    mail = mail_to(email)
    assert token["phrase"] in mail["text"], mail["text"]
    code = re.search(r"\b\d{6}\b", mail["text"]).group()
    session = read(by_key.create_session(user_id=token["userId"], secret=code))
    assert read(Account(connect(session["secret"])).get())["email"] == email


def verification_and_recovery():
    user, email, account = member("py-verified")
    verify = getattr(account, "create_email_verification", account.create_verification)
    verify(url=PAGE)
    link = link_to(email)
    getattr(account, "update_email_verification", account.update_verification)(user_id=link["userId"], secret=link["secret"])
    assert read(account.get())["emailVerification"] is True
    by_key.create_recovery(email=email, url=PAGE)
    link = link_to(email, "password")
    by_key.update_recovery(user_id=user["$id"], secret=link["secret"], password="a password to remember")
    refused(401, "user_invalid_credentials", lambda: sign_in(email))
    sign_in(email, "a password to remember")


def invitation():
    _, email, _ = member("py-owner")
    session = read(by_key.create_email_password_session(email=email, password=PASSWORD))
    theirs = Teams(connect(session["secret"]))
    team = read(theirs.create(team_id=ID.unique(), name="Crew"))
    invited = read(theirs.create_membership(team_id=team["$id"], roles=["editor"], email="py-invited@people.example.test", url=PAGE))
    assert invited["confirm"] is False, invited
    link = link_to("py-invited@people.example.test")
    told = {"team_id": team["$id"], "membership_id": link["membershipId"], "user_id": link["userId"], "secret": link["secret"]}
    accepted = read(Teams(connect()).update_membership_status(**told))
    assert (accepted["confirm"], accepted["roles"]) == (True, ["editor"]), accepted
    assert read(teams.get(team_id=team["$id"]))["total"] == 2


def code_of(secret, steps=0):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time() // 30) + steps), hashlib.sha1).digest()
    at = digest[19] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def second_factors():
    user, email, account = member("py-careful")
    app = read(account.create_mfa_authenticator(type="totp"))
    account.update_mfa_authenticator(type="totp", otp=code_of(app["secret"]))
    codes = read(account.create_mfa_recovery_codes())["recoveryCodes"]
    account.update_mfa(mfa=True)
    for factor, otp in [("totp", lambda: code_of(app["secret"], steps=1)), ("recoverycode", lambda: codes[0])]:
        again, _ = sign_in(email)
        refused(401, "user_more_factors_required", again.get)
        challenge = read(again.create_mfa_challenge(factor=factor))
        refused(401, "user_invalid_token", lambda: again.update_mfa_challenge(challenge_id=challenge["$id"], otp="no"))
        again.update_mfa_challenge(challenge_id=challenge["$id"], otp=otp())
        assert read(again.get())["$id"] == user["$id"]
    factors = read(users.list_mfa_factors(user_id=user["$id"]))
    assert (factors["totp"], factors["recoveryCode"]) == (True, True), factors


def imports():
    scrypt = hashlib.scrypt(b"a long password", salt=b"salt", n=8, r=14, p=1, dklen=64).hex()
    firebase = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="
    signer = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
    every = [
        ("argon2", "password", {"password": "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"}),
        ("bcrypt", "rasmuslerdorf", {"password": "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq"}),
        ("md5", "message digest", {"password": hashlib.md5(b"message digest").hexdigest()}),
        ("ph_pass", "test12345", {"password": "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"}),
        ("sha", "a long password", {"password": hashlib.sha256(b"a long password").hexdigest()}),
        ("scrypt", "a long password", {"password": scrypt, "password_salt": "salt", "password_cpu": 8, "password_memory": 14, "password_parallel": 1, "password_length": 64}),
        ("scrypt_modified", "user1password", {"password": firebase, "password_salt": "42xEC+ixf3L2lw==", "password_salt_separator": "Bw==", "password_signer_key": signer}),
    ]
    for name, password, said in every:
        email = f"py-{name}@people.example.test"
        made = read(getattr(users, f"create_{name}_user")(user_id=ID.unique(), email=email, **said))
        refused(401, "user_invalid_credentials", lambda: sign_in(email, "a wrong password"))
        sign_in(email, password)
        assert read(users.get(user_id=made["$id"]))["hash"] == "argon2", name


def lists_and_logs():
    user, _, account = member("py-listed")
    account.update_name(name="Listed")
    assert read(users.list(queries=[Query.equal("name", ["Listed"])]))["total"] == 1
    # The newer version of the SDK has no such method.
    if hasattr(users, "list_logs"):
        assert any(log["event"] == "user.update" for log in read(users.list_logs(user_id=user["$id"]))["logs"])
    assert read(users.list_targets(user_id=user["$id"]))["total"] == 1
    users.delete(user_id=user["$id"])
    refused(404, "user_not_found", lambda: users.get(user_id=user["$id"]))


def places():
    client = connect(key=os.environ["KEY"])
    client.set_locale("de")
    locale, avatars = Locale(client), Avatars(client)
    countries = {country["code"]: country["name"] for country in read(locale.list_countries())["countries"]}
    assert countries["DE"] == "Deutschland", countries.get("DE")
    assert read(locale.get())["ip"]
    png = b"\x89PNG"
    for picture in [avatars.get_initials(name="Ada Lovelace"), avatars.get_qr(text="hello"), avatars.get_flag(code="de"), avatars.get_browser(code="ff")]:
        assert bytes(picture).startswith(png)


for chapter in [by_link, by_code, verification_and_recovery, invitation, second_factors, imports, lists_and_logs, places]:
    try:
        chapter()
        print(f"ok {chapter.__name__}", flush=True)
    except Exception:
        told = traceback.format_exc().replace("\n", "\\n")
        print(f"not ok {chapter.__name__}: {told}", flush=True)
