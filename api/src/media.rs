//! Replies that are not JSON: bytes of a media type, cached by clients and revalidated (RFC 9110, 13.1.2; RFC 9111).

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
    /// Time in seconds for which a client may use its copy without revalidation; none: it revalidates each time.
    pub max_age: Option<u32>,
    /// File name for a download (`Content-Disposition: attachment`); none if a browser shows the bytes.
    pub download: Option<&'static str>,
    /// Whether the bytes came from the server's cache.
    pub from_cache: bool,
}

impl Media {
    /// The reply: 200 with the bytes, or 304 if `If-None-Match` names the tag.
    pub fn answer(self, request: &Request) -> MediaReply {
        MediaReply {
            not_modified: request.header(IF_NONE_MATCH).is_some_and(|tags| names(tags, &self.tag)),
            media: self,
        }
    }
}

/// Reply of bytes, or 304 if the client's copy is current.
#[derive(Debug)]
pub struct MediaReply {
    media: Media,
    not_modified: bool,
}

impl IntoReply for MediaReply {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut Schemas) {}

    fn into_reply(self) -> Reply {
        let Self { media, not_modified } = self;
        let keep = match media.max_age {
            Some(seconds) => format!("private, max-age={seconds}"),
            None => "private, no-cache".to_owned(),
        };
        let cache = if media.from_cache { "hit" } else { "miss" };
        let reply = if not_modified {
            Reply::empty(StatusCode::NOT_MODIFIED)
        } else {
            Reply::bytes(media.content_type, media.body)
        };
        let reply = reply
            .with(ETAG, &format!("\"{}\"", media.tag))
            .with(CACHE_CONTROL, &keep)
            // An SVG that is opened directly in a browser is shown, but runs no script.
            .with(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
            .with(http::HeaderName::from_static("x-appwrite-cache"), cache);
        match media.download {
            Some(name) => reply.with(CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\"")),
            None => reply,
        }
    }
}

/// Whether a list of tags (`If-None-Match`) contains a tag. Weak tags match too: weak comparison, RFC 9110, 8.8.3.2.
fn names(tags: &str, current: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag == "*" || tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) == Some(current)
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
