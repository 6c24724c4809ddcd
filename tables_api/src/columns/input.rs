//! Parameters to create or update columns: common and type-specific ones.

use std::marker::PhantomData;

use kernel::param::{BadParam, Field, Param, Params, Rule, field};
use records::columns::{Change, Column, Spec};
use records::{DatabaseId, Key, TableId};
use serde_json::{Map, Value};

use super::ColumnType;
use crate::Vocabulary;

/// Parameters of a new column.
#[derive(Debug, Clone)]
pub struct CreateColumn<W, T: ColumnType> {
    pub(super) database_id: DatabaseId,
    pub(super) table_id: TableId,
    pub(super) key: Key,
    pub(super) spec: Spec,
    of: PhantomData<(W, T)>,
}

/// Changes to a column.
#[derive(Debug, Clone)]
pub struct UpdateColumn<W, T: ColumnType> {
    pub(super) database_id: DatabaseId,
    pub(super) table_id: TableId,
    pub(super) key: Key,
    pub(super) change: Change,
    pub(super) typed: T::UpdateColumn,
    of: PhantomData<W>,
}

fn param<P: Param>(name: &'static str, doc: &'static str, required: bool) -> Field {
    let schema = P::schema();
    Field {
        name,
        required,
        schema,
        doc,
    }
}

fn position<W: Vocabulary>() -> [Field; 3] {
    [
        param::<DatabaseId>("databaseId", "Database ID.", true),
        param::<TableId>(W::TABLE_ID, "The table.", true),
        param::<Key>("key", "The column's key.", true),
    ]
}

fn default<T: ColumnType>(required: bool) -> Field {
    let mut schema = T::default_schema();
    schema["nullable"] = true.into();
    let doc = "Default value.";
    Field {
        name: "default",
        required,
        schema,
        doc,
    }
}

fn given<P: Param>(input: &Map<String, Value>, name: &'static str) -> Result<P, BadParam> {
    field(input, name, || None)
}

/// Reads the default value, if given. It must have the column's type; its bounds are not checked here.
pub(super) fn read_default<T: ColumnType>(input: &Map<String, Value>) -> Result<Option<Value>, BadParam> {
    let Some(value) = input.get("default").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let spec = Spec {
        kind: T::widest(),
        required: false,
        array: false,
        default: None,
        encrypt: false,
    };
    let column = Column::new(Key::trusted("default"), spec);
    match records::rows::check(&column, value) {
        Ok(_) => Ok(Some(value.clone())),
        Err(flaw) => Err(BadParam::Broken("default", Rule::from(flaw.rule().to_owned()))),
    }
}

const REQUIRED: &str = "Whether every row has a value.";

impl<W: Vocabulary, T: ColumnType> Params for CreateColumn<W, T> {
    fn fields() -> Vec<Field> {
        let mut fields = position::<W>().to_vec();
        fields.extend(T::CreateColumn::fields());
        fields.push(param::<bool>("required", REQUIRED, true));
        fields.push(default::<T>(false));
        if T::LISTS {
            fields.push(param::<bool>("array", "Whether a row has a list of values.", false));
        }
        fields
    }

    fn read(input: &Map<String, Value>) -> Result<Self, BadParam> {
        let (database_id, table_id, key) = (
            given(input, "databaseId")?,
            given(input, W::TABLE_ID)?,
            given(input, "key")?,
        );
        let (kind, encrypt) = T::kind(T::CreateColumn::read(input)?);
        let spec = Spec {
            kind,
            required: given(input, "required")?,
            array: T::LISTS && field(input, "array", || Some(false))?,
            default: read_default::<T>(input)?,
            encrypt,
        };
        Ok(Self {
            database_id,
            table_id,
            key,
            spec,
            of: PhantomData,
        })
    }
}

impl<W: Vocabulary, T: ColumnType> Params for UpdateColumn<W, T> {
    fn fields() -> Vec<Field> {
        let mut fields = position::<W>().to_vec();
        fields.extend(T::UpdateColumn::fields());
        fields.push(param::<bool>("required", REQUIRED, true));
        fields.push(default::<T>(T::LISTS));
        fields.push(param::<Option<Key>>("newKey", "Another key.", false));
        fields
    }

    fn read(input: &Map<String, Value>) -> Result<Self, BadParam> {
        let (database_id, table_id, key) = (
            given(input, "databaseId")?,
            given(input, W::TABLE_ID)?,
            given(input, "key")?,
        );
        let typed = T::UpdateColumn::read(input)?;
        let required = given(input, "required")?;
        // `default` may be null but is required, because an absent one would remove the default. It is optional for
        // shapes, as in Appwrite.
        if T::LISTS && !input.contains_key("default") {
            return Err(BadParam::Missing("default"));
        }
        let change = Change {
            required,
            default: read_default::<T>(input)?,
            new_key: given(input, "newKey")?,
        };
        Ok(Self {
            database_id,
            table_id,
            key,
            change,
            typed,
            of: PhantomData,
        })
    }
}
