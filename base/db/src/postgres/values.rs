//! Decoding of values from PostgreSQL.

use std::error::Error as StdError;

use kernel::Timestamp;
use postgres::types::{FromSql, Type};

use super::params::EPOCH_MICROS;
use crate::Error;
use crate::value::Ref;

/// The value of a column.
pub(crate) fn value_of(row: &postgres::Row, index: usize) -> Result<Ref<'_>, Error> {
    row.try_get::<_, Raw<'_>>(index).map(|raw| raw.0).map_err(|error| {
        let reason = StdError::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        Error::Mismatch { column: index, reason }
    })
}

struct Raw<'a>(Ref<'a>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(match *ty {
            Type::BOOL => Ref::Boolean(raw == [1]),
            Type::INT2 => Ref::Integer(i64::from(i16::from_be_bytes(raw.try_into()?))),
            Type::INT4 => Ref::Integer(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::OID => Ref::Integer(i64::from(u32::from_be_bytes(raw.try_into()?))),
            Type::INT8 => Ref::Integer(i64::from_be_bytes(raw.try_into()?)),
            Type::FLOAT4 => Ref::Real(f64::from(f32::from_be_bytes(raw.try_into()?))),
            Type::FLOAT8 => Ref::Real(f64::from_be_bytes(raw.try_into()?)),
            Type::BYTEA => Ref::Blob(raw),
            Type::TIMESTAMPTZ | Type::TIMESTAMP => {
                let micros = i64::from_be_bytes(raw.try_into()?).saturating_add(EPOCH_MICROS);
                Ref::Time(Timestamp::from_millis(micros.div_euclid(1000)))
            }
            Type::JSONB => Ref::Text(std::str::from_utf8(raw.get(1..).unwrap_or_default())?),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::JSON | Type::UNKNOWN => {
                Ref::Text(std::str::from_utf8(raw)?)
            }
            Type::VOID => Ref::Null,
            _ if matches!(ty.kind(), postgres::types::Kind::Enum(_)) => Ref::Text(std::str::from_utf8(raw)?),
            _ => return Err(format!("{ty} is not read by this program: cast it").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(Ref::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
