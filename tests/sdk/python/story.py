"""Databases with one version of the official Python SDK, in one vocabulary: `story.py tables`.

Prints one line per chapter, `ok <name>` or `not ok <name>` with the error; the Node suite reads them.
"""

import os
import sys
import time
import traceback

from appwrite.client import Client
from appwrite.exception import AppwriteException
from appwrite.id import ID
from appwrite.operator import Operator
from appwrite.permission import Permission
from appwrite.query import Query
from appwrite.role import Role
from appwrite.services.databases import Databases
from appwrite.services.tables_db import TablesDB

try:
    from appwrite.enums.tables_db_index_type import TablesDBIndexType as IndexType
    from appwrite.enums.relationship_type import RelationshipType
except ImportError:
    from appwrite.enums.index_type import IndexType
    from appwrite.enums.relationship_type import RelationshipType

from words import Service

vocabulary = sys.argv[1]
client = Client().set_endpoint(os.environ["ENDPOINT"]).set_project(os.environ["PROJECT"]).set_key(os.environ["KEY"])
db = Service(TablesDB(client) if vocabulary == "tables" else Databases(client), vocabulary)
database = f"python-{vocabulary}"


def refused(code, error, call):
    try:
        call()
    except AppwriteException as failure:
        assert (failure.code, failure.type) == (code, db.type_of(error)), (failure.code, failure.type, failure.message)
        return
    raise AssertionError(f"{error} was expected")


def available(find):
    for _ in range(400):
        found = find()
        if found["status"] == "available":
            return found
        assert found["status"] == "processing", found
        time.sleep(0.02)
    raise AssertionError("never available")


def table(table_id, **columns):
    at = {"database_id": database, "table_id": table_id}
    made = db.create_table(name=table_id, **at)
    assert (made["$id"], made["name"], made["columns"], made["rowSecurity"]) == (table_id, table_id, [], False), made
    for key, (kind, said) in columns.items():
        getattr(db, f"create_{kind}_column")(key=key, **{"required": False, **said}, **at)
        available(lambda: db.get_column(key=key, **at))
    return at


def ids(at, *queries):
    return [row["$id"] for row in db.list_rows(queries=list(queries), **at)["rows"]]


def databases_and_tables():
    made = db.create(database_id=database, name="Python")
    assert (made["$id"], made["name"], made["enabled"]) == (database, "Python", True), made
    refused(409, "database_already_exists", lambda: db.create(database_id=database, name="Again"))
    assert db.update(database_id=database, name="Snake")["name"] == "Snake"
    assert database in [one["$id"] for one in db.list(queries=[Query.equal("name", "Snake")])["databases"]]
    at = table("posts")
    changed = db.update_table(name="Articles", permissions=[Permission.read(Role.any())], row_security=True, **at)
    assert (changed["name"], changed["rowSecurity"], changed["$permissions"]) == ("Articles", True, ['read("any")']), changed
    assert db.list_tables(database_id=database)["total"] == 1
    db.delete_table(**at)
    refused(404, "table_not_found", lambda: db.get_table(**at))


def columns():
    kinds = {
        "string": ({"size": 20}, "Ada", 5),
        "integer": ({"min": 1, "max": 9}, 7, 10),
        "float": ({"min": -1.5, "max": 1.5}, 0.25, "x"),
        "boolean": ({}, True, 1),
        "datetime": ({}, "2024-02-29T12:00:00.000+00:00", "yesterday"),
        "email": ({}, "ada@example.com", "ada"),
        "enum": ({"elements": ["low", "high"]}, "high", "medium"),
        "ip": ({}, "::1", "300.1.1.1"),
        "url": ({}, "https://example.com", "no url"),
        "point": ({}, [1, 2], [181, 0]),
        "line": ({}, [[0, 0], [1, 1]], [[0, 0]]),
        "polygon": ({}, [[[0, 0], [4, 0], [4, 4], [0, 0]]], [[[0, 0], [1, 1], [0, 0]]]),
    }
    if hasattr(db.service, db.word("create_varchar_column")):
        kinds |= {"varchar": ({"size": 20}, "Ada", 5), "text": ({}, "Ada", 5), "mediumtext": ({}, "Ada", 5), "longtext": ({}, "Ada", 5)}
    at = table("types", **{kind: (kind, said) for kind, (said, _, _) in kinds.items()})
    assert [column["key"] for column in db.list_columns(**at)["columns"]] == list(kinds)
    for kind, (_, value, wrong) in kinds.items():
        row = db.create_row(row_id=f"has-{kind}", data={kind: value}, **at)
        assert row[kind] == value, (kind, row)
        refused(400, "row_invalid_structure", lambda: db.create_row(row_id="never", data={kind: wrong}, **at))
    renamed = db.update_string_column(key="string", required=False, default="none", size=30, new_key="name", **at)
    assert (renamed["key"], renamed["size"], renamed["default"]) == ("name", 30, "none"), renamed
    db.delete_column(key="url", **at)
    assert "url" not in db.get_row(row_id="has-url", **at)


def indexes():
    at = table("books", title=("string", {"size": 100}), year=("integer", {}))
    for key, kind, names in [("byYear", "KEY", ["year"]), ("one", "UNIQUE", ["title"]), ("words", "FULLTEXT", ["title"])]:
        db.create_index(key=key, type=IndexType[kind], columns=names, **at)
        available(lambda: db.get_index(key=key, **at))
    db.create_row(row_id="a", data={"title": "The quick brown fox", "year": 1}, **at)
    refused(409, "row_already_exists", lambda: db.create_row(row_id="b", data={"title": "The quick brown fox"}, **at))
    assert ids(at, Query.search("title", "quick")) == ["a"]
    assert [index["key"] for index in db.list_indexes(**at)["indexes"]] == ["byYear", "one", "words"]
    db.delete_index(key="one", **at)
    refused(404, "column_index_not_found", lambda: db.get_index(key="one", **at))


def rows_and_queries():
    at = table("people", name=("string", {"size": 50}), age=("integer", {}), tags=("string", {"size": 20, "array": True}))
    for name, age, tags in [("Ada", 36, ["math", "poetry"]), ("Alan", 41, ["math"]), ("Grace", 85, [])]:
        made = db.create_row(row_id=name.lower(), data={"name": name, "age": age, "tags": tags}, **at)
        assert (made["name"], made["age"], made["tags"], made["$tableId"]) == (name, age, tags, "people"), made
    anyone = db.create_row(row_id=ID.unique(), data={"name": "Anyone"}, permissions=[Permission.read(Role.any())], **at)
    assert anyone["$permissions"] == ['read("any")'] and anyone["age"] is None
    db.delete_row(row_id=anyone["$id"], **at)
    refused(404, "row_not_found", lambda: db.get_row(row_id=anyone["$id"], **at))
    assert db.update_row(row_id="ada", data={"age": 37}, **at)["age"] == 37
    assert db.upsert_row(row_id="ada", data={"name": "Ada L."}, **at)["age"] == 37
    assert db.increment_row_column(row_id="ada", column="age", value=3, **at)["age"] == 40
    assert db.decrement_row_column(row_id="ada", column="age", min=0, **at)["age"] == 39
    assert ids(at, Query.greater_than("age", 39), Query.order_desc("age")) == ["grace", "alan"]
    assert ids(at, Query.contains("tags", ["math"]), Query.starts_with("name", "ada")) == ["ada"]
    either = Query.or_queries([Query.equal("name", "Alan"), Query.greater_than("age", 80)])
    assert ids(at, either, Query.limit(1), Query.cursor_after("alan")) == ["grace"]
    selected = db.list_rows(queries=[Query.select(["name"]), Query.limit(1)], **at)
    assert selected["total"] == 3 and "age" not in selected["rows"][0], selected
    refused(400, "general_query_invalid", lambda: ids(at, Query.equal("nothing", 1)))


def relationships():
    authors, books = table("authors", name=("string", {"size": 50})), table("novels", name=("string", {"size": 50}))
    kind = RelationshipType.ONETOMANY
    said = {"related_table_id": "novels", "type": kind, "two_way": True, "key": "novels", "two_way_key": "author"}
    made = db.create_relationship_column(**said, **authors)
    assert (made["relationType"], made["side"], made["relatedTable"]) == ("oneToMany", "parent", "novels"), made
    db.create_row(row_id="jane", data={"name": "Jane", "novels": [{"$id": "emma", "name": "Emma"}]}, **authors)
    jane = db.get_row(row_id="jane", queries=[Query.select(["*", "novels.*"])], **authors)
    assert [novel["name"] for novel in jane["novels"]] == ["Emma"], jane
    assert ids(books, Query.equal("author.name", "Jane")) == ["emma"]


def bulk():
    at = table("stock", name=("string", {"size": 20}), count=("integer", {}))
    made = db.create_rows(rows=[{"$id": f"item{n}", "count": n} for n in range(5)], **at)
    assert made["total"] == 5, made
    assert db.upsert_rows(rows=[{"$id": "item0", "count": 10}, {"$id": "new", "count": 11}], **at)["total"] == 2
    assert db.update_rows(data={"name": "few"}, queries=[Query.less_than("count", 3)], **at)["total"] == 2
    assert db.delete_rows(queries=[Query.equal("name", "few")], **at)["total"] == 2
    assert ids(at, Query.order_asc("count")) == ["item3", "item4", "item0", "new"]


def operators():
    at = table("things", n=("integer", {}), s=("string", {"size": 50}), b=("boolean", {}), l=("string", {"size": 9, "array": True}))
    db.create_row(row_id="one", data={"n": 10, "s": "a", "b": True, "l": ["x"]}, **at)
    data = {"n": Operator.multiply(3, 25), "s": Operator.string_concat("b"), "b": Operator.toggle(), "l": Operator.array_append(["y"])}
    row = db.update_row(row_id="one", data=data, **at)
    assert (row["n"], row["s"], row["b"], row["l"]) == (25, "ab", False, ["x", "y"]), row


def transactions():
    at = table("accounts", money=("integer", {}))
    db.create_row(row_id="ada", data={"money": 100}, **at)
    for end, money in [("rollback", 100), ("commit", 60)]:
        made = db.create_transaction(ttl=60)
        assert (made["status"], made["operations"]) == ("pending", 0), made
        staged = {"action": "update", "databaseId": database, db.word("tableId"): "accounts", db.word("rowId"): "ada", "data": {"money": 60}}
        db.create_operations(transaction_id=made["$id"], operations=[staged])
        assert db.get_row(row_id="ada", transaction_id=made["$id"], **at)["money"] == 60
        assert db.get_row(row_id="ada", **at)["money"] == 100
        db.update_transaction(transaction_id=made["$id"], **{end: True})
        assert db.get_row(row_id="ada", **at)["money"] == money


for chapter in [databases_and_tables, columns, indexes, rows_and_queries, relationships, bulk, operators, transactions]:
    try:
        chapter()
        print(f"ok {chapter.__name__}", flush=True)
    except Exception:
        told = traceback.format_exc().replace("\n", "\\n")
        print(f"not ok {chapter.__name__}: {told}", flush=True)
