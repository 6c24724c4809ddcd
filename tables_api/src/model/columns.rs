//! Columns: one model per type, built from shared field declarations.

use std::marker::PhantomData;

use api::Schemas;
use records::Kind;
use records::columns::{Column, Relationship};
use serde_json::{Map, Value, json};

use super::{VocabularyModel, flag, list, number, object, or_null, reference, text, texts, time};
use crate::Vocabulary;
use crate::columns::ColumnType;

/// A field: its key in each vocabulary, its schema, and its value.
struct Field {
    keys: (&'static str, &'static str),
    schema: fn() -> Value,
    value: fn(&Column) -> Value,
}

const fn field(key: &'static str, schema: fn() -> Value, value: fn(&Column) -> Value) -> Field {
    let keys = (key, key);
    Field { keys, schema, value }
}

/// The model of a type: its name in each vocabulary, and its type-specific fields.
pub struct Model {
    names: (&'static str, &'static str),
    specific: &'static [Field],
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Model").field(&self.names.0).finish()
    }
}

const fn model(tables: &'static str, collections: &'static str, specific: &'static [Field]) -> Model {
    let names = (tables, collections);
    Model { names, specific }
}

const fn word(vocabulary: records::Vocabulary, pair: (&'static str, &'static str)) -> &'static str {
    match vocabulary {
        records::Vocabulary::Tables => pair.0,
        records::Vocabulary::Collections => pair.1,
    }
}

/// Fields of all column types.
const COMMON: [Field; 8] = [
    field("key", || text("Its key."), |column| json!(column.key)),
    field(
        "type",
        || text("Its type."),
        |column| column.spec.kind.type_name().into(),
    ),
    field("status", || text("Status."), |column| json!(column.status)),
    field("error", || text("Error message."), |column| json!(column.error)),
    field(
        "required",
        || flag("Whether every row has a value."),
        |column| json!(column.spec.required),
    ),
    field(
        "array",
        || or_null(flag("Whether a row has a list of values.")),
        |column| json!(column.spec.array),
    ),
    field(
        "$createdAt",
        || time("Creation time."),
        |column| json!(column.created_at),
    ),
    field("$updatedAt", || time("Update time."), |column| json!(column.updated_at)),
];

const DEFAULT: &str = "Default value.";
const SIZE: Field = field(
    "size",
    || number("Maximum length in characters."),
    |column| json!(column.spec.kind.size()),
);
const ENCRYPT: Field = field(
    "encrypt",
    || or_null(flag("Whether values are encrypted in the database.")),
    |column| json!(column.spec.encrypt),
);
const FORMAT: Field = field(
    "format",
    || text("Format of the texts."),
    |column| column.spec.kind.format().unwrap_or_default().into(),
);
const TEXT: Field = field("default", || or_null(text(DEFAULT)), default);

fn default(column: &Column) -> Value {
    column.spec.default.clone().unwrap_or_default()
}

fn whole(doc: &str) -> Value {
    json!({"type": "integer", "format": "int64", "nullable": true, "description": doc})
}

fn real(doc: &str) -> Value {
    json!({"type": "number", "format": "double", "nullable": true, "description": doc})
}

fn bounds(column: &Column) -> (Value, Value) {
    match &column.spec.kind {
        Kind::Integer { min, max } => (json!(min), json!(max)),
        Kind::Float { min, max } => (json!(min), json!(max)),
        _ => (Value::Null, Value::Null),
    }
}

fn of_relation(column: &Column, value: fn(&Relationship) -> Value) -> Value {
    column.spec.kind.relationship().map_or(Value::Null, value)
}

pub(crate) const STRING: Model = model("columnString", "attributeString", &[SIZE, TEXT, ENCRYPT]);
pub(crate) const VARCHAR: Model = model("columnVarchar", "attributeVarchar", &[SIZE, TEXT, ENCRYPT]);
pub(crate) const PLAIN: Model = model("columnText", "attributeText", &[TEXT, ENCRYPT]);
pub(crate) const MEDIUMTEXT: Model = model("columnMediumtext", "attributeMediumtext", &[TEXT, ENCRYPT]);
pub(crate) const LONGTEXT: Model = model("columnLongtext", "attributeLongtext", &[TEXT, ENCRYPT]);
pub(crate) const EMAIL: Model = model("columnEmail", "attributeEmail", &[FORMAT, TEXT]);
pub(crate) const IP: Model = model("columnIp", "attributeIp", &[FORMAT, TEXT]);
pub(crate) const URL: Model = model("columnUrl", "attributeUrl", &[FORMAT, TEXT]);
pub(crate) const DATETIME: Model = model("columnDatetime", "attributeDatetime", &[FORMAT, TEXT]);
pub(crate) const ENUM: Model = model(
    "columnEnum",
    "attributeEnum",
    &[
        field(
            "elements",
            || texts("Allowed values."),
            |column| match &column.spec.kind {
                Kind::Enum { elements } => json!(elements),
                _ => Value::Null,
            },
        ),
        FORMAT,
        TEXT,
    ],
);
pub(crate) const INTEGER: Model = model(
    "columnInteger",
    "attributeInteger",
    &[
        field("min", || whole("Minimum."), |column| bounds(column).0),
        field("max", || whole("Maximum."), |column| bounds(column).1),
        field("default", || whole(DEFAULT), default),
    ],
);
pub(crate) const FLOAT: Model = model(
    "columnFloat",
    "attributeFloat",
    &[
        field("min", || real("Minimum."), |column| bounds(column).0),
        field("max", || real("Maximum."), |column| bounds(column).1),
        field("default", || real(DEFAULT), default),
    ],
);
pub(crate) const BOOLEAN: Model = model(
    "columnBoolean",
    "attributeBoolean",
    &[field("default", || or_null(flag(DEFAULT)), default)],
);
const SHAPE: &[Field] = &[field(
    "default",
    || json!({"type": "array", "items": {}, "nullable": true, "description": DEFAULT}),
    default,
)];
pub(crate) const POINT: Model = model("columnPoint", "attributePoint", SHAPE);
pub(crate) const LINE: Model = model("columnLine", "attributeLine", SHAPE);
pub(crate) const POLYGON: Model = model("columnPolygon", "attributePolygon", SHAPE);
pub(crate) const RELATIONSHIP: Model = model(
    "columnRelationship",
    "attributeRelationship",
    &[
        Field {
            keys: ("relatedTable", "relatedCollection"),
            schema: || text("The table of the other side."),
            value: |column| of_relation(column, |relationship| json!(relationship.related)),
        },
        field(
            "relationType",
            || text("Cardinality."),
            |column| of_relation(column, |relationship| json!(relationship.relation)),
        ),
        field(
            "twoWay",
            || flag("Whether the other side has a column too."),
            |column| of_relation(column, |relationship| json!(relationship.two_way)),
        ),
        field(
            "twoWayKey",
            || text("The column of the other side."),
            |column| of_relation(column, |relationship| json!(relationship.two_way_key)),
        ),
        field(
            "onDelete",
            || text("What happens to related rows on deletion."),
            |column| of_relation(column, |relationship| json!(relationship.on_delete)),
        ),
        field(
            "side",
            || text("Side of the relationship."),
            |column| of_relation(column, |relationship| json!(relationship.side)),
        ),
    ],
);

/// All models, in Appwrite's order.
const MODELS: [&Model; 17] = [
    &BOOLEAN,
    &INTEGER,
    &FLOAT,
    &EMAIL,
    &ENUM,
    &URL,
    &IP,
    &DATETIME,
    &RELATIONSHIP,
    &POINT,
    &LINE,
    &POLYGON,
    &VARCHAR,
    &PLAIN,
    &MEDIUMTEXT,
    &LONGTEXT,
    &STRING,
];

fn model_of(kind: &Kind) -> &'static Model {
    match kind {
        Kind::String { .. } => &STRING,
        Kind::Varchar { .. } => &VARCHAR,
        Kind::Text => &PLAIN,
        Kind::Mediumtext => &MEDIUMTEXT,
        Kind::Longtext => &LONGTEXT,
        Kind::Email => &EMAIL,
        Kind::Enum { .. } => &ENUM,
        Kind::Ip => &IP,
        Kind::Url => &URL,
        Kind::Integer { .. } => &INTEGER,
        Kind::Float { .. } => &FLOAT,
        Kind::Boolean => &BOOLEAN,
        Kind::Datetime => &DATETIME,
        Kind::Point => &POINT,
        Kind::Line => &LINE,
        Kind::Polygon => &POLYGON,
        Kind::Relationship(_) => &RELATIONSHIP,
    }
}

/// Serializes a column.
pub fn column<W: Vocabulary>(column: &Column) -> Value {
    let fields = COMMON.iter().chain(model_of(&column.spec.kind).specific);
    let view: Map<String, Value> = fields
        .map(|field| (word(W::VOCABULARY, field.keys).to_owned(), (field.value)(column)))
        .collect();
    Value::Object(view)
}

/// The schema of a column of any type in the OpenAPI document.
pub(super) fn any<W: Vocabulary>() -> Value {
    let models: Vec<Value> = MODELS
        .iter()
        .map(|model| reference(word(W::VOCABULARY, model.names)))
        .collect();
    json!({"anyOf": models})
}

fn define_all<W: Vocabulary>(into: &mut Schemas) {
    for model in MODELS {
        let fields = COMMON.iter().chain(model.specific);
        into.entry(word(W::VOCABULARY, model.names))
            .or_insert_with(|| object(fields.map(|field| (word(W::VOCABULARY, field.keys), (field.schema)()))));
    }
}

/// The model of a column of one type.
#[derive(Debug)]
pub struct ColumnOf<W, T>(PhantomData<(W, T)>);

impl<W: Vocabulary, T: ColumnType> VocabularyModel for ColumnOf<W, T> {
    const NAME: &'static str = word(W::VOCABULARY, T::MODEL.names);

    fn define(into: &mut Schemas) {
        define_all::<W>(into);
    }
}

/// The model of a relationship.
#[derive(Debug)]
pub struct RelationshipOf<W>(PhantomData<W>);

impl<W: Vocabulary> VocabularyModel for RelationshipOf<W> {
    const NAME: &'static str = word(W::VOCABULARY, RELATIONSHIP.names);

    fn define(into: &mut Schemas) {
        define_all::<W>(into);
    }
}

/// The model of a column of any type.
#[derive(Debug)]
pub struct AnyColumn<W>(PhantomData<W>);

impl<W: Vocabulary> VocabularyModel for AnyColumn<W> {
    const NAME: &'static str = W::ANY_COLUMN_MODEL;

    fn define(into: &mut Schemas) {
        define_all::<W>(into);
    }
}

/// The model of a page of columns.
#[derive(Debug)]
pub struct ColumnList<W>(PhantomData<W>);

impl<W: Vocabulary> VocabularyModel for ColumnList<W> {
    const NAME: &'static str = W::COLUMN_LIST_MODEL;

    fn define(into: &mut Schemas) {
        define_all::<W>(into);
        into.entry(Self::NAME).or_insert_with(|| list(W::COLUMNS, any::<W>()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Collections, Tables};

    #[test]
    fn a_column_of_any_type_is_of_one_of_the_models() {
        let named = |pick: fn(&Model) -> &'static str| MODELS.map(pick).join(",");
        assert_eq!(Tables::ANY_COLUMN_MODEL, named(|model| model.names.0));
        assert_eq!(Collections::ANY_COLUMN_MODEL, named(|model| model.names.1));
    }
}
