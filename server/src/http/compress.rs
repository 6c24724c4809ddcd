//! Compression of replies with zstd, brotli or gzip, negotiated by `Accept-Encoding` (RFC 9110, 8.4 and 12.5.3).

use api::{Body, Reply};
use async_compression::Level;
use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt as _};
use tokio_util::io::{ReaderStream, StreamReader};

/// Minimum size of a compressed reply, in bytes: a smaller one fits into one packet anyway.
const MIN_SIZE: usize = 1400;
/// Maximum size of a reply that is compressed before it is sent, in bytes. A larger one is compressed as a stream, so
/// that other connections are not delayed.
const BUFFERED_MAX: usize = 32 << 10;

/// Content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Zstd,
    Brotli,
    Gzip,
}

impl Encoding {
    fn name(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        })
    }

    /// Compresses a reader at a low level, to save CPU.
    fn encode(self, plain: impl AsyncBufRead + Send + 'static) -> std::pin::Pin<Box<dyn AsyncRead + Send>> {
        match self {
            Self::Zstd => Box::pin(ZstdEncoder::with_quality(plain, Level::Precise(1))),
            Self::Brotli => Box::pin(BrotliEncoder::with_quality(plain, Level::Precise(3))),
            Self::Gzip => Box::pin(GzipEncoder::with_quality(plain, Level::Precise(3))),
        }
    }
}

/// The supported encoding with the client's highest quality value; `None` if it accepts none of them.
pub(super) fn accepted(headers: &HeaderMap) -> Option<Encoding> {
    let wanted = headers.get(ACCEPT_ENCODING)?.to_str().ok()?;
    let quality = |names: &[&str]| {
        wanted.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let is_named = names.iter().any(|own| name.eq_ignore_ascii_case(own));
            let quality = parts.find_map(|part| part.strip_prefix("q="));
            is_named.then(|| quality.map_or(1.0, |text| text.parse().unwrap_or(0.0)))
        })
    };
    let others = quality(&["*"]).unwrap_or(0.0);
    let ours = [
        (Encoding::Zstd, quality(&["zstd"]).unwrap_or(others)),
        (Encoding::Brotli, quality(&["br"]).unwrap_or(others)),
        (Encoding::Gzip, quality(&["gzip", "x-gzip"]).unwrap_or(others)),
    ];
    let mut best: Option<(Encoding, f32)> = None;
    for (encoding, quality) in ours {
        // With equal quality values the first of `ours` is chosen.
        if quality > 0.0 && best.is_none_or(|(_, best_quality)| quality > best_quality) {
            best = Some((encoding, quality));
        }
    }
    best.map(|(encoding, _)| encoding)
}

/// Compresses a reply if it is text of at least [`MIN_SIZE`] bytes and has neither `Content-Encoding` nor `ETag`.
pub(super) async fn apply(mut reply: Reply, encoding: Encoding) -> Reply {
    let is_text = reply
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(is_text);
    // An existing ETag identifies the uncompressed bytes.
    if !is_text || reply.headers.contains_key(CONTENT_ENCODING) || reply.headers.contains_key(ETAG) {
        return reply;
    }
    reply.headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    reply.body = match reply.body {
        Body::Bytes(bytes) if bytes.len() < MIN_SIZE => {
            reply.body = Body::Bytes(bytes);
            return reply;
        }
        Body::Bytes(bytes) if bytes.len() <= BUFFERED_MAX => {
            let mut compressed = Vec::with_capacity(bytes.len() / 2);
            let mut encoder = encoding.encode(std::io::Cursor::new(bytes.clone()));
            match encoder.read_to_end(&mut compressed).await {
                Ok(_) => Body::from(compressed),
                Err(_) => {
                    reply.body = Body::Bytes(bytes);
                    return reply;
                }
            }
        }
        Body::Bytes(bytes) => Body::Stream(Box::pin(ReaderStream::new(encoding.encode(ChunkedReader(bytes))))),
        Body::Stream(stream) => Body::Stream(Box::pin(ReaderStream::new(encoding.encode(StreamReader::new(stream))))),
    };
    reply.headers.remove(CONTENT_LENGTH);
    reply.headers.insert(CONTENT_ENCODING, encoding.name());
    reply
}

/// Whether a media type is compressible text. Event streams are excluded: each event is flushed on its own.
fn is_text(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    (name.starts_with("text/") && name != "text/event-stream")
        || matches!(
            name,
            "application/json" | "application/javascript" | "application/xml" | "image/svg+xml"
        )
        || name.ends_with("+json")
        || name.ends_with("+xml")
        || name == "application/x-ndjson"
}

/// Reader that returns at most [`MAX_CHUNK`] bytes at once, so that compression yields to other tasks.
struct ChunkedReader(Bytes);

/// Maximum number of bytes that are compressed between two yields.
const MAX_CHUNK: usize = 32 << 10;

impl AsyncRead for ChunkedReader {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        into: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        let chunk = self.0.len().min(MAX_CHUNK).min(into.remaining());
        into.put_slice(&self.0.split_to(chunk));
        std::task::Poll::Ready(Ok(()))
    }
}

impl AsyncBufRead for ChunkedReader {
    fn poll_fill_buf(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<&[u8]>> {
        let chunk = self.0.len().min(MAX_CHUNK);
        std::task::Poll::Ready(Ok(&self.get_mut().0[..chunk]))
    }

    fn consume(mut self: std::pin::Pin<&mut Self>, amount: usize) {
        let taken = self.0.len().min(amount);
        let _ = self.0.split_to(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(header: &str) -> Option<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, header.parse().expect("a header"));
        accepted(&headers)
    }

    #[test]
    fn the_client_chooses_and_we_break_ties() {
        assert_eq!(chosen("gzip, deflate, br, zstd"), Some(Encoding::Zstd));
        assert_eq!(chosen("gzip;q=1.0, br;q=0.5"), Some(Encoding::Gzip));
        assert_eq!(chosen("br;q=0, *;q=0.1"), Some(Encoding::Zstd));
        assert_eq!(chosen("identity"), None);
        assert_eq!(chosen("gzip;q=0"), None);
        assert_eq!(accepted(&HeaderMap::new()), None);
    }
}
