//! Input: path, query and body merged into one map of parameters.
//!
//! Clients write lists as `queries[]=a`, `queries[0]=a` or JSON, objects as `prefs[theme]=dark` or JSON. Path
//! parameters override those of the body, and these override those of the query.

use http::header::CONTENT_TYPE;
use memory::{Budget, Reservation};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::error::{Refusal, Result};
use crate::json;
use crate::request::Request;

/// Maximum number of parameters in one query or form.
const MAX_PAIRS: usize = 1000;

/// Maximum nesting depth of `a[b][c]`.
const MAX_DEPTH: usize = 8;

/// The decoded pairs of a query or form, in order.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        percent_decode_str(&part.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .take(MAX_PAIRS)
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// The parameters of a request without its body: query and path.
pub(crate) fn of_head(request: &Request, path: &[(String, String)]) -> Result<Map<String, Value>> {
    let mut input = Map::new();
    if !request.query.is_empty() {
        put_all(&mut input, pairs(&request.query))?;
    }
    put_path(&mut input, path);
    Ok(input)
}

/// Adds the parameters of a request's body, which is not empty. The reservation covers the memory of the parsed tree.
pub(crate) async fn add_body(
    input: &mut Map<String, Value>,
    request: &Request,
    (path, body): (&[(String, String)], &bytes::Bytes),
    (budget, key): (&Budget, &str),
) -> Result<Option<Reservation>> {
    let (members, reservation) = read_body(request, body.clone(), budget, key).await?;
    for (key, value) in members {
        input.insert(key, value);
    }
    put_path(input, path);
    Ok(reservation)
}

fn put_path(input: &mut Map<String, Value>, path: &[(String, String)]) {
    for (key, value) in path {
        input.insert(key.clone(), Value::String(value.clone()));
    }
}

async fn read_body(
    request: &Request,
    body: bytes::Bytes,
    budget: &Budget,
    key: &str,
) -> Result<(Map<String, Value>, Option<Reservation>)> {
    let content_type = request.header(CONTENT_TYPE).unwrap_or("application/json");
    let kind = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match kind.as_str() {
        "application/json" | "text/plain" => match json::read(body, budget, key).await? {
            (Value::Object(map), reservation) => Ok((map, reservation)),
            (Value::Null, _) => Ok((Map::new(), None)),
            (Value::Array(items), _) if items.is_empty() => Ok((Map::new(), None)),
            _ => Err(Refusal::BadBody("JSON that is not an object".into()).into()),
        },
        "application/x-www-form-urlencoded" => {
            let text = std::str::from_utf8(&body).map_err(|_| Refusal::BadBody("a form that is not UTF-8".into()))?;
            let mut map = Map::new();
            put_all(&mut map, pairs(text))?;
            Ok((map, None))
        }
        "multipart/form-data" => Ok((read_multipart(content_type, body).await?, None)),
        _ => Err(Refusal::BadBody(format!("the content type {kind} is not read here")).into()),
    }
}

async fn read_multipart(content_type: &str, body: bytes::Bytes) -> Result<Map<String, Value>> {
    let bad = |error: multer::Error| Refusal::BadBody(error.to_string());
    let boundary = multer::parse_boundary(content_type).map_err(bad)?;
    let whole = std::future::ready(Ok::<_, std::convert::Infallible>(body));
    let mut parts = multer::Multipart::new(OneChunk(Some(whole)), boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(bad)? {
        let Some(name) = part.name().map(str::to_owned) else {
            continue;
        };
        if part.file_name().is_some() || fields.len() >= MAX_PAIRS {
            continue;
        }
        fields.push((name, part.text().await.map_err(bad)?));
    }
    let mut map = Map::new();
    put_all(&mut map, fields)?;
    Ok(map)
}

/// A complete body as the stream that the multipart reader requires.
struct OneChunk(Option<std::future::Ready<std::result::Result<bytes::Bytes, std::convert::Infallible>>>);

impl futures_core::Stream for OneChunk {
    type Item = std::result::Result<bytes::Bytes, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(std::future::Ready::into_inner))
    }
}

fn put_all(map: &mut Map<String, Value>, pairs: Vec<(String, String)>) -> Result<()> {
    for (key, value) in pairs {
        let (name, rest) = key.split_at(key.find('[').unwrap_or(key.len()));
        put(map, name, rest, value, MAX_DEPTH)?;
    }
    Ok(())
}

/// Sets the value at `name[a][b]`. Lists are built as maps first; at the end `[]` and `[0]`, `[1]`, … become an array.
fn put(map: &mut Map<String, Value>, name: &str, rest: &str, value: String, depth: usize) -> Result<()> {
    let Some(inner) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        map.insert(name.to_owned(), Value::String(value));
        return Ok(());
    };
    if depth == 0 {
        return Err(Refusal::BadBody("a parameter is nested too deeply".into()).into());
    }
    let (key, rest) = inner;
    let is_item = key.is_empty() || key.bytes().all(|b| b.is_ascii_digit());
    let slot = map.entry(name).or_insert_with(|| {
        if is_item {
            Value::Array(Vec::new())
        } else {
            Value::Object(Map::new())
        }
    });
    match slot {
        Value::Array(items) if is_item => {
            if rest.is_empty() {
                items.push(Value::String(value));
            } else {
                let index = key.parse().unwrap_or(items.len());
                let mut item = match items.get_mut(index) {
                    Some(Value::Object(item)) => std::mem::take(item),
                    _ => Map::new(),
                };
                let (name, rest) = (
                    rest.trim_start_matches('[')
                        .split(']')
                        .next()
                        .unwrap_or_default()
                        .to_owned(),
                    rest,
                );
                let after = rest.split_once(']').map_or("", |(_, after)| after);
                put(&mut item, &name, after, value, depth - 1)?;
                match items.get_mut(index) {
                    Some(slot) => *slot = Value::Object(item),
                    None => items.push(Value::Object(item)),
                }
            }
            Ok(())
        }
        Value::Object(fields) => put(fields, key, rest, value, depth - 1),
        // A later scalar of the same name, or a mixture: the last value counts, as with plain parameters.
        other => {
            *other = Value::String(value);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn query(text: &str) -> Value {
        let mut map = Map::new();
        put_all(&mut map, pairs(text)).expect("within bounds");
        Value::Object(map)
    }

    #[test]
    fn lists_and_objects_are_written_in_several_ways() {
        assert_eq!(
            query("queries[]=a&queries[]=b&x=1"),
            json!({"queries": ["a", "b"], "x": "1"})
        );
        assert_eq!(
            query("queries%5B0%5D=a&queries%5B1%5D=b"),
            json!({"queries": ["a", "b"]})
        );
        assert_eq!(
            query("prefs[theme]=dark&prefs[size]=2"),
            json!({"prefs": {"theme": "dark", "size": "2"}})
        );
        assert_eq!(
            query("n[0][phone]=%2B1&n[0][otp]=2&n[1][phone]=3"),
            json!({"n": [{"phone": "+1", "otp": "2"}, {"phone": "3"}]})
        );
        assert_eq!(query("a=1+2%263&b&=c"), json!({"a": "1 2&3", "b": "", "": "c"}));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("a{}=1", "[b]".repeat(100));
        assert!(put_all(&mut Map::new(), pairs(&deep)).is_err());
    }
}
