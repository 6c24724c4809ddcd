//! Replies: what a handler's answer becomes on the wire.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, PRAGMA, REFERRER_POLICY};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use memory::Reservation;
use serde_json::Value;

use crate::body::{Body, BodyStream};
use crate::model::Model;

/// A finished answer.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: StatusCode,
    /// Headers beyond those that every answer has.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// Set if the reply may be compressed: it holds no secret beside text that a caller chooses (BREACH, CVE-2013-3587).
    pub compressible: bool,
    /// The memory that its body takes until it is sent.
    pub reservation: Option<Reservation>,
}

impl Reply {
    /// An answer without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Body::default(),
            compressible: false,
            reservation: None,
        }
    }

    /// An answer of JSON.
    pub fn json(status: StatusCode, value: &impl serde::Serialize) -> Self {
        // Our own models have text keys only, so writing them cannot fail.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::empty(status).typed("application/json; charset=UTF-8", body)
    }

    /// An answer of JSON that is written already.
    pub fn json_text(status: StatusCode, body: Vec<u8>) -> Self {
        Self::empty(status).typed("application/json; charset=UTF-8", body)
    }

    /// An answer of bytes of some media type.
    pub fn bytes(content_type: &'static str, body: Bytes) -> Self {
        Self::empty(StatusCode::OK).typed(content_type, body)
    }

    /// An answer of some media type that is made while it is sent.
    pub fn stream(content_type: &'static str, body: BodyStream) -> Self {
        Self::empty(StatusCode::OK).typed(content_type, Body::Stream(body))
    }

    /// The same, to be compressed where the client can read that.
    #[must_use]
    pub fn compressed(mut self) -> Self {
        self.compressible = true;
        self
    }

    /// An answer of HTML. It is never cached and tells nobody where it came from.
    pub fn html(status: StatusCode, page: String, policy: &str) -> Self {
        Self::empty(status)
            .typed("text/html; charset=UTF-8", page)
            .unstored()
            .with(HeaderName::from_static("content-security-policy"), policy)
    }

    /// Sends a browser on, uncached and without a `Referer` (RFC 9700, 4.2).
    pub fn redirect(status: StatusCode, location: &str) -> Self {
        Self::empty(status).with(LOCATION, location).unstored()
    }

    /// Adds a header. A value that no header can hold is left out.
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

/// The schemas of models by name, as the OpenAPI document has them.
pub type Schemas = BTreeMap<&'static str, Value>;

/// A type that can be turned into a reply.
pub trait IntoReply: Send {
    /// The status of success, for the document.
    const STATUS: StatusCode;

    /// The model's name, where there is one.
    fn model() -> Option<&'static str>;

    /// Adds the schemas that it needs.
    fn define(into: &mut Schemas);

    /// The answer.
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
    /// Something was made: 201.
    Created => CREATED;
    /// Something was asked for and goes on: 202.
    Accepted => ACCEPTED;
}

/// Done, with nothing to say: 204.
#[derive(Debug)]
pub struct NoContent;

impl IntoReply for NoContent {
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut Schemas) {}

    fn into_reply(self) -> Reply {
        // There is no body; but the Python SDKs look at the type of every answer, and fail where there is none.
        Reply::empty(Self::STATUS).typed("text/plain; charset=UTF-8", Bytes::new())
    }
}

/// An answer and headers beside it (cookies).
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

/// A redirect or a page, written whole by its handler: for routes that browsers navigate to.
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

/// JSON of no model (the OpenAPI document).
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
