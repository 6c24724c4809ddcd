"""The two vocabularies: a scenario is written with tables, columns and rows, and runs in either vocabulary.

Calls are translated to the names of the SDK's class, and replies back to those of the scenario, as plain dictionaries.
"""

import inspect

WORDS = [("table", "collection"), ("column", "attribute"), ("row", "document")]


def older(name):
    """Translates a name from tables to collections, for instance create_row, $tableId, rowSecurity."""
    for now, then in WORDS:
        name = name.replace(now, then).replace(now.capitalize(), then.capitalize())
    return name


NEWER = {older(name): name for name in ["$tableId", "tables", "columns", "rows", "rowSecurity", "relatedTable"]}


def read(value):
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    if isinstance(value, list):
        return [read(item) for item in value]
    if not isinstance(value, dict):
        return value
    read_value = {NEWER.get(key, key): read(item) for key, item in value.items()}
    # Typed rows have the user's columns in the field `data`.
    if "$sequence" in read_value and isinstance(read_value.get("data"), dict):
        read_value.update(read_value.pop("data"))
    return read_value


class Service:
    """The SDK's class for tables, or the class for collections behind the same interface."""

    def __init__(self, service, vocabulary):
        self.service, self.vocabulary = service, vocabulary

    def word(self, name):
        return name if self.vocabulary == "tables" else older(name)

    def __getattr__(self, name):
        method = getattr(self.service, self.word(name))

        def call(**said):
            known = inspect.signature(method).parameters
            words = {self.word(key): value for key, value in said.items()}
            if words.keys() - known.keys():
                raise TypeError(f"{self.word(name)} takes no {words.keys() - known.keys()}")
            return read(method(**words))

        return call

    def type_of(self, error):
        """The type of an error in this vocabulary."""
        told = self.word(error)
        return told.removeprefix("attribute_") if told.startswith("attribute_index_") else told
