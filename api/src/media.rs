//! Replies that are no JSON: bytes of some media type, which clients keep and ask about again (RFC 9110, 13.1.2; RFC 9111).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH};

use crate::reply::{IntoReply, Reply, Schemas};
use crate::request::Request;

/// Bytes of a media type.
#[derive(Debug, Clone)]
pub struct Media {
    /// The media type.
    pub content_type: &'static str,
    /// The bytes.
    pub body: Bytes,
    /// Entity tag, without quotes.
    pub tag: String,
    /// For how many seconds a client need not ask again; none: it asks each time whether they are still the same.
    pub max_age: Option<u32>,
    /// The name of the file that a browser saves rather than shows.
    pub download: Option<&'static str>,
    /// Whether the server had them already.
    pub was_kept: bool,
}

impl Media {
    /// The answer to a request: the bytes, or that the client has them already.
    pub fn answer(self, request: &Request) -> MediaReply {
        MediaReply {
            is_known: request.header(IF_NONE_MATCH).is_some_and(|tags| names(tags, &self.tag)),
            media: self,
        }
    }
}

/// Bytes, or that the client has them already.
#[derive(Debug)]
pub struct MediaReply {
    media: Media,
    is_known: bool,
}

impl IntoReply for MediaReply {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut Schemas) {}

    fn into_reply(self) -> Reply {
        let Self { media, is_known } = self;
        let keep = match media.max_age {
            Some(seconds) => format!("private, max-age={seconds}"),
            None => "private, no-cache".to_owned(),
        };
        let kept = if media.was_kept { "hit" } else { "miss" };
        let reply = if is_known {
            Reply::empty(StatusCode::NOT_MODIFIED)
        } else {
            Reply::bytes(media.content_type, media.body)
        };
        let reply = reply
            .with(ETAG, &format!("\"{}\"", media.tag))
            .with(CACHE_CONTROL, &keep)
            // Whoever opens it by itself sees a picture, and nothing in it runs.
            .with(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
            .with(http::HeaderName::from_static("x-appwrite-cache"), kept);
        match media.download {
            Some(name) => reply.with(CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\"")),
            None => reply,
        }
    }
}

/// Whether a list of tags names one. Weak tags name it too, as nothing depends on single bytes here.
fn names(tags: &str, own: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag == "*" || tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) == Some(own)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list() {
        assert!(names("\"a\"", "a") && names("W/\"b\", \"a\"", "a") && names("*", "a") && names("W/\"a\"", "a"));
        assert!(!names("a", "a") && !names("\"b\"", "a") && !names("", "a") && !names("\"", "a"));
    }
}
