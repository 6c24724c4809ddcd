//! Columns as parameters of a new table: a list of definitions, each with its type.

use kernel::param::{BadParam, Param, Params, Rule, field};
use records::Key;
use records::columns::Spec;
use serde_json::{Map, Value, json};

use super::ColumnType;
use super::input::read_default;
use super::types::{
    Booleans, Datetimes, Emails, Enums, Floats, Integers, Ips, Lines, Longtexts, Mediumtexts, Points, Polygons,
    Strings, Texts, Urls, Varchars,
};

/// Maximum number of columns or indexes that a table is created with.
const MAX: usize = 100;

/// Columns of a new table.
#[derive(Debug, Clone, Default)]
pub struct ColumnDefinitions(pub Vec<(Key, Spec)>);

impl Param for ColumnDefinitions {
    fn parse(value: &Value) -> Result<Self, Rule> {
        definitions(value, read).map(Self)
    }

    fn schema() -> Value {
        let types: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
        json!({"type": "array", "maxItems": MAX, "items": {"type": "object", "required": ["key", "type"], "properties": {
            "key": Key::schema(),
            "type": {"type": "string", "enum": types},
            "size": {"type": "integer", "format": "int32"},
            "required": {"type": "boolean", "default": false},
            "default": {"nullable": true},
            "array": {"type": "boolean", "default": false},
            "format": {"type": "string"},
            "elements": {"type": "array", "items": {"type": "string"}},
            "min": {"type": "number"},
            "max": {"type": "number"},
            "signed": {"type": "boolean", "default": true},
        }}})
    }
}

/// Parses a list of definitions that each have a key. An error names the position and the key.
pub(crate) fn definitions<T>(
    value: &Value,
    read: impl Fn(&Map<String, Value>) -> Result<T, BadParam>,
) -> Result<Vec<(Key, T)>, Rule> {
    let Value::Array(items) = value else {
        return Err(Rule::new("Value must be a valid array"));
    };
    if items.len() > MAX {
        return Err(format!("Value must be an array of at most {MAX} items").into());
    }
    let definition = |(index, item): (usize, &Value)| {
        let name = item["key"].as_str().unwrap_or_default();
        let item = item.as_object();
        let item = item.ok_or_else(|| Rule::from(format!("item {} must be an object", index + 1)))?;
        let read = |item| Ok((field::<Key>(item, "key", || None)?, read(item)?));
        read(item).map_err(|error: BadParam| Rule::from(format!("item {} (\"{name}\"): {error}", index + 1)))
    };
    items.iter().enumerate().map(definition).collect()
}

/// Reads the specification of a column of one type.
type Read = fn(&Map<String, Value>) -> Result<Spec, BadParam>;

/// Types of columns by their name in definitions: stored types, and formats of text.
const TYPES: &[(&str, Read)] = &[
    ("string", of::<Strings>),
    ("varchar", of::<Varchars>),
    ("text", of::<Texts>),
    ("mediumtext", of::<Mediumtexts>),
    ("longtext", of::<Longtexts>),
    ("integer", integer),
    ("bigint", integer),
    ("double", of::<Floats>),
    ("boolean", of::<Booleans>),
    ("datetime", of::<Datetimes>),
    ("point", of::<Points>),
    ("linestring", of::<Lines>),
    ("polygon", of::<Polygons>),
    ("email", of::<Emails>),
    ("url", of::<Urls>),
    ("ip", of::<Ips>),
    ("enum", of::<Enums>),
];

fn read(item: &Map<String, Value>) -> Result<Spec, BadParam> {
    let given: String = field::<kernel::param::Text<64>>(item, "type", || None)?.0;
    let format = field::<Option<kernel::param::Text<64>>>(item, "format", || None)?;
    let format = format.map(|format| format.0).unwrap_or_default();
    // Ranges are formats of numbers that Appwrite adds by itself.
    let name = match (given.as_str(), format.as_str()) {
        (_, "") | ("integer" | "bigint", "intRange") | ("double", "floatRange") => given.as_str(),
        ("string", format @ ("email" | "url" | "ip" | "enum")) => format,
        (_, format) if format == given => format,
        _ => {
            return Err(BadParam::Broken(
                "format",
                format!("The type {given} has no format {format}").into(),
            ));
        }
    };
    if item.get("encrypt").is_some_and(|encrypt| *encrypt == true) {
        let rule = Rule::new("A column of a new table cannot be encrypted; add it to the table afterwards");
        return Err(BadParam::Broken("encrypt", rule));
    }
    match TYPES.iter().find(|(known, _)| *known == name) {
        Some((_, read)) => read(item),
        None => {
            let known: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
            Err(BadParam::Broken(
                "type",
                format!("Value must be one of ({})", known.join(", ")).into(),
            ))
        }
    }
}

fn of<T: ColumnType>(item: &Map<String, Value>) -> Result<Spec, BadParam> {
    let array = field(item, "array", || Some(false))?;
    if array && !T::LISTS {
        return Err(BadParam::Broken(
            "array",
            Rule::new("Columns of this type cannot be lists"),
        ));
    }
    Ok(Spec {
        kind: T::kind(T::CreateColumn::read(item)?).0,
        required: field(item, "required", || Some(false))?,
        array,
        default: read_default::<T>(item)?,
        encrypt: false,
    })
}

/// Reads an integer column; an unsigned one has the minimum 0.
fn integer(item: &Map<String, Value>) -> Result<Spec, BadParam> {
    let mut spec = of::<Integers>(item)?;
    if let records::Kind::Integer { min, .. } = &mut spec.kind
        && !field(item, "signed", || Some(true))?
    {
        *min = (*min).max(0);
    }
    Ok(spec)
}
