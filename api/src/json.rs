//! JSON from clients, parsed into a tree with bounded memory.
//!
//! A tree needs much more memory than its text: `{"a":1}` is 7 bytes of text and some 300 in memory. The size of the
//! tree is therefore estimated while it is built, and reserved in the memory budget. The maximum depth is that of
//! `serde_json`, 128.

use std::cell::RefCell;
use std::fmt;

use memory::{Budget, Reservation};
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::{Refusal, Result};

/// Estimated memory of a value beside its text, in bytes.
const VALUE: usize = 80;
/// Estimated memory of an object's member beside its key and value, in bytes.
const MEMBER: usize = 80;
/// Estimated memory of an object that is not empty, in bytes.
const OBJECT: usize = 160;
/// Step of a reservation, in bytes.
const STEP: usize = 256 << 10;
/// Texts above this size in bytes are parsed on a thread for blocking work.
const LARGE: usize = 64 << 10;

/// Parses a JSON text. The reservation covers the memory of the tree; drop it with the tree.
pub(crate) async fn read(text: bytes::Bytes, budget: &Budget, key: &str) -> Result<(Value, Option<Reservation>)> {
    if text.len() <= memory::SMALL {
        let value = serde_json::from_slice(&text).map_err(|error| unreadable(&error))?;
        return Ok((value, None));
    }
    let (budget, key, length) = (budget.clone(), key.to_owned(), text.len());
    let build = move || build(&text, &budget, &key);
    if length <= LARGE {
        return build();
    }
    tokio::task::spawn_blocking(build)
        .await
        .map_err(|_| Refusal::BadBody("JSON that cannot be read".to_owned()))?
}

fn build(text: &[u8], budget: &Budget, key: &str) -> Result<(Value, Option<Reservation>)> {
    let counter = SizeCounter {
        size: 0,
        reservation: budget.try_reserve(key, STEP).map_err(|_| Refusal::NoRoom)?,
        exhausted: false,
    };
    let counter = RefCell::new(counter);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = MeasuredValue(&counter)
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    let counter = counter.into_inner();
    match read {
        Ok(value) => Ok((value, Some(counter.reservation))),
        Err(_) if counter.exhausted => Err(Refusal::NoRoom.into()),
        Err(error) => Err(unreadable(&error)),
    }
}

fn unreadable(error: &serde_json::Error) -> crate::Error {
    Refusal::BadBody(format!("JSON that cannot be read ({error})")).into()
}

struct SizeCounter {
    size: usize,
    reservation: Reservation,
    exhausted: bool,
}

/// Builds a value and counts its memory.
#[derive(Clone, Copy)]
struct MeasuredValue<'s>(&'s RefCell<SizeCounter>);

impl MeasuredValue<'_> {
    fn count<E: serde::de::Error>(self, bytes: usize) -> std::result::Result<(), E> {
        let mut counter = self.0.borrow_mut();
        counter.size = counter.size.saturating_add(bytes);
        if counter.size > counter.reservation.bytes() {
            let more = STEP.max(counter.size - counter.reservation.bytes());
            if counter.reservation.grow(more).is_err() {
                counter.exhausted = true;
                return Err(E::custom("it takes too much memory"));
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for MeasuredValue<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> std::result::Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MeasuredValue<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> std::result::Result<Value, E> {
        self.count(VALUE)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> std::result::Result<Value, E> {
        self.count(VALUE)?;
        Ok(Value::from(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> std::result::Result<Value, E> {
        self.count(VALUE)?;
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> std::result::Result<Value, E> {
        self.count(VALUE)?;
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> std::result::Result<Value, E> {
        self.count(VALUE + value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> std::result::Result<Value, E> {
        self.count(VALUE + value.len())?;
        Ok(Value::String(value))
    }

    fn visit_unit<E: serde::de::Error>(self) -> std::result::Result<Value, E> {
        self.count(VALUE)?;
        Ok(Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> std::result::Result<Value, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        self.count(VALUE)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> std::result::Result<Value, A::Error> {
        self.count(VALUE)?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let first = if object.is_empty() { OBJECT } else { 0 };
            self.count(first + MEMBER + key.len())?;
            let value = members.next_value_seed(self)?;
            object.insert(key, value);
        }
        if object.len() > 1 << 20 {
            return Err(A::Error::custom("an object has more than 1048576 members"));
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn json_size_is_limited_before_values_are_built() {
        let budget = Budget::new(8 << 20);
        let text = format!("[{}]", vec!["{\"a\":1}"; 100_000].join(","));
        let error = read(text.into(), &budget, "shop").await.expect_err("it takes too much");
        assert_eq!(error.status(), 503);
        assert_eq!(budget.used(), 0);
    }

    #[tokio::test]
    async fn values_equal_those_of_serde_json() {
        let budget = Budget::new(64 << 20);
        let row = r#"{"a":[1,-2,3.5,true,null,"x\n"],"b":{},"c":18446744073709551615,"a2":{"x":[[]]}}"#;
        let text = format!("[{}]", vec![row; 2_000].join(","));
        let (value, reserved) = read(text.clone().into(), &budget, "shop").await.expect("it is read");
        assert_eq!(value, serde_json::from_str::<Value>(&text).expect("JSON"));
        assert!(reserved.is_some_and(|reserved| reserved.bytes() > text.len()));
        let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        assert_eq!(
            read(deep.into(), &budget, "shop").await.expect_err("too deep").status(),
            400
        );
        let cut = &text[..text.len() - 1];
        assert_eq!(
            read(cut.to_owned().into(), &budget, "shop")
                .await
                .expect_err("cut off")
                .status(),
            400
        );
    }
}
