//! Replies: HTTP status, headers and body from a handler's result.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, PRAGMA, REFERRER_POLICY};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use memory::Reservation;
use serde_json::Value;

use crate::body::{Body, BodyStream};
use crate::model::Model;

/// A complete reply.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: StatusCode,
    /// Headers in addition to those of every reply.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// Whether the reply may be compressed: it has no secret next to text chosen by a caller (BREACH, CVE-2013-3587).
    pub compressible: bool,
    /// The reservation of the body's memory, held until the body is sent.
    pub reservation: Option<Reservation>,
}

impl Reply {
    /// A reply without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Body::default(),
            compressible: false,
            reservation: None,
        }
    }

    /// A reply of JSON.
    pub fn json(status: StatusCode, value: &impl serde::Serialize) -> Self {
        // Our models have text keys only, so serialization cannot fail.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::empty(status).typed("application/json; charset=UTF-8", body)
    }

    /// A reply of serialized JSON.
    pub fn json_text(status: StatusCode, body: Vec<u8>) -> Self {
        Self::empty(status).typed("application/json; charset=UTF-8", body)
    }

    /// A reply of bytes of a media type.
    pub fn bytes(content_type: &'static str, body: Bytes) -> Self {
        Self::empty(StatusCode::OK).typed(content_type, body)
    }

    /// A reply of a media type whose body is produced while it is sent.
    pub fn stream(content_type: &'static str, body: BodyStream) -> Self {
        Self::empty(StatusCode::OK).typed(content_type, Body::Stream(body))
    }

    /// The reply, to be compressed if the client accepts that.
    #[must_use]
    pub fn compressed(mut self) -> Self {
        self.compressible = true;
        self
    }

    /// A reply of HTML, with `Cache-Control: no-store` and `Referrer-Policy: no-referrer`.
    pub fn html(status: StatusCode, page: String, policy: &str) -> Self {
        Self::empty(status)
            .typed("text/html; charset=UTF-8", page)
            .unstored()
            .with(HeaderName::from_static("content-security-policy"), policy)
    }

    /// Redirects a browser, uncached and without a `Referer` (RFC 9700, 4.2).
    pub fn redirect(status: StatusCode, location: &str) -> Self {
        Self::empty(status).with(LOCATION, location).unstored()
    }

    /// Adds a header. A value that is not valid in a header is ignored.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    fn unstored(self) -> Self {
        self.with(CACHE_CONTROL, "no-store, no-cache, must-revalidate, max-age=0")
            .with(PRAGMA, "no-cache")
            .with(REFERRER_POLICY, "no-referrer")
    }

    fn typed(mut self, content_type: &'static str, body: impl Into<Body>) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = body.into();
        self
    }
}

/// Schemas of models by name, for the OpenAPI document.
pub type Schemas = BTreeMap<&'static str, Value>;

/// A type that can be turned into a reply.
pub trait IntoReply: Send {
    /// The status of success, for the OpenAPI document.
    const STATUS: StatusCode;

    /// The model's name, if there is one.
    fn model() -> Option<&'static str>;

    /// Adds the schemas of its models.
    fn define(into: &mut Schemas);

    /// Builds the reply.
    fn into_reply(self) -> Reply;
}

impl<M: Model> IntoReply for M {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        Some(M::NAME)
    }

    fn define(into: &mut Schemas) {
        M::define(into);
    }

    fn into_reply(self) -> Reply {
        Reply::json(Self::STATUS, &self)
    }
}

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident => $status:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<M>(pub M);

        impl<M: Model> IntoReply for $name<M> {
            const STATUS: StatusCode = StatusCode::$status;

            fn model() -> Option<&'static str> {
                Some(M::NAME)
            }

            fn define(into: &mut Schemas) {
                M::define(into);
            }

            fn into_reply(self) -> Reply {
                Reply::json(Self::STATUS, &self.0)
            }
        }
    )* };
}

statuses! {
    /// A resource was created: 201.
    Created => CREATED;
    /// Work was accepted and continues after the reply: 202.
    Accepted => ACCEPTED;
}

/// Success without a body: 204.
#[derive(Debug)]
pub struct NoContent;

impl IntoReply for NoContent {
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut Schemas) {}

    fn into_reply(self) -> Reply {
        // There is no body; but the Python SDKs read `Content-Type` of every reply and fail without it.
        Reply::empty(Self::STATUS).typed("text/plain; charset=UTF-8", Bytes::new())
    }
}

/// A reply with additional headers (cookies).
#[derive(Debug)]
pub struct With<R>(pub R, pub Vec<(HeaderName, String)>);

impl<R: IntoReply> IntoReply for With<R> {
    const STATUS: StatusCode = R::STATUS;

    fn model() -> Option<&'static str> {
        R::model()
    }

    fn define(into: &mut Schemas) {
        R::define(into);
    }

    fn into_reply(self) -> Reply {
        let Self(reply, headers) = self;
        headers
            .into_iter()
            .fold(reply.into_reply(), |reply, (name, value)| reply.with(name, &value))
    }
}

/// A redirect or a page, built completely by its handler: for routes that browsers navigate to.
#[derive(Debug)]
pub struct Navigation(pub Reply);

impl IntoReply for Navigation {
    const STATUS: StatusCode = StatusCode::MOVED_PERMANENTLY;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut Schemas) {}

    fn into_reply(self) -> Reply {
        self.0
    }
}

/// JSON without a model (the OpenAPI document).
#[derive(Debug)]
pub struct Document(pub Value);

impl IntoReply for Document {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut Schemas) {}

    fn into_reply(self) -> Reply {
        Reply::json(Self::STATUS, &self.0)
    }
}
