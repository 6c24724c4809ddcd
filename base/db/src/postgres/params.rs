//! Encoding of values for PostgreSQL, as the type that the server expects for the parameter.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use kernel::Timestamp;
use postgres::types::{IsNull, ToSql, Type};

use crate::Value;

/// Microseconds from 1970 to 2000, PostgreSQL's epoch.
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// A bound value of a statement.
#[derive(Debug)]
pub(crate) struct Bound<'a>(pub(crate) &'a Value);

type SqlWriteResult = Result<IsNull, Box<dyn Error + Sync + Send>>;

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlWriteResult {
        match self.0 {
            Value::Bool(Some(boolean)) => write_boolean(*boolean, ty, out),
            Value::TinyInt(Some(number)) => write_integer(i64::from(*number), ty, out),
            Value::SmallInt(Some(number)) => write_integer(i64::from(*number), ty, out),
            Value::Int(Some(number)) => write_integer(i64::from(*number), ty, out),
            Value::BigInt(Some(number)) => write_integer(*number, ty, out),
            Value::TinyUnsigned(Some(number)) => write_integer(i64::from(*number), ty, out),
            Value::SmallUnsigned(Some(number)) => write_integer(i64::from(*number), ty, out),
            Value::Unsigned(Some(number)) => write_integer(i64::from(*number), ty, out),
            Value::BigUnsigned(Some(number)) => write_integer(i64::try_from(*number)?, ty, out),
            Value::Float(Some(number)) => write_real(f64::from(*number), ty, out),
            Value::Double(Some(number)) => write_real(*number, ty, out),
            Value::String(Some(text)) => write_text(text, ty, out),
            Value::Char(Some(letter)) => write_text(letter.encode_utf8(&mut [0; 4]), ty, out),
            Value::Bytes(Some(bytes)) => {
                out.put_slice(bytes);
                Ok(IsNull::No)
            }
            Value::Json(Some(tree)) => write_text(&tree.to_string(), ty, out),
            Value::TimeDateTimeWithTimeZone(Some(instant)) => write_instant(Timestamp::from(*instant), ty, out),
            null if *null == null.as_null() => Ok(IsNull::Yes),
            other => Err(format!("no column holds {other:?}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> SqlWriteResult {
        self.to_sql(ty, out)
    }
}

fn write_boolean(boolean: bool, ty: &Type, out: &mut BytesMut) -> SqlWriteResult {
    if *ty == Type::BOOL {
        out.put_u8(u8::from(boolean));
        return Ok(IsNull::No);
    }
    write_integer(i64::from(boolean), ty, out)
}

fn write_integer(number: i64, ty: &Type, out: &mut BytesMut) -> SqlWriteResult {
    match *ty {
        Type::INT8 => out.put_i64(number),
        Type::INT4 => out.put_i32(i32::try_from(number)?),
        Type::INT2 => out.put_i16(i16::try_from(number)?),
        Type::BOOL => out.put_u8(u8::from(number != 0)),
        Type::FLOAT8 | Type::FLOAT4 => {
            #[expect(clippy::cast_precision_loss, reason = "the column holds no more")]
            return write_real(number as f64, ty, out);
        }
        _ => return write_text(&number.to_string(), ty, out),
    }
    Ok(IsNull::No)
}

fn write_real(number: f64, ty: &Type, out: &mut BytesMut) -> SqlWriteResult {
    match *ty {
        Type::FLOAT8 => out.put_f64(number),
        #[expect(clippy::cast_possible_truncation, reason = "the column holds no more")]
        Type::FLOAT4 => out.put_f32(number as f32),
        _ => return Err(format!("a number was given where PostgreSQL expects {ty}").into()),
    }
    Ok(IsNull::No)
}

fn write_instant(instant: Timestamp, ty: &Type, out: &mut BytesMut) -> SqlWriteResult {
    match *ty {
        Type::TIMESTAMPTZ | Type::TIMESTAMP => {
            out.put_i64(instant.millis() * 1000 - EPOCH_MICROS);
            Ok(IsNull::No)
        }
        _ => write_text(&instant.to_string(), ty, out),
    }
}

fn write_text(text: &str, ty: &Type, out: &mut BytesMut) -> SqlWriteResult {
    if text.contains('\0') {
        return Err(crate::Error::Nul.into());
    }
    match *ty {
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::JSON | Type::UNKNOWN => {}
        // The first byte is the version of the format.
        Type::JSONB => out.put_u8(1),
        Type::TIMESTAMPTZ | Type::TIMESTAMP => {
            let instant = Timestamp::parse(text).ok_or("the text is not a timestamp")?;
            return write_instant(instant, ty, out);
        }
        _ if matches!(
            ty.kind(),
            postgres::types::Kind::Enum(_) | postgres::types::Kind::Domain(_)
        ) => {}
        _ => return Err(format!("text was given where PostgreSQL expects {ty}").into()),
    }
    out.put_slice(text.as_bytes());
    Ok(IsNull::No)
}
