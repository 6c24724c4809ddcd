//! The HTTP client for all requests on behalf of users: OAuth2 endpoints, avatars, webhooks.
//!
//! To prevent server-side request forgery, a host is resolved once, every address is checked, and the client connects
//! to a checked address (OWASP Server-Side Request Forgery Prevention Cheat Sheet). Redirects are never followed, the
//! time and the size of a reply are bounded, proxies in the environment are ignored, and no error repeats a query
//! string or a body.
//!
//! Not here: interpretation of replies, retries, and parsing of the setting with the allowed networks.

mod addresses;
mod cidr;
mod client;
mod error;
mod resolver;
mod tls;

pub use addresses::is_public;
pub use bytes::Bytes;
pub use cidr::Cidr;
pub use client::{Outbound, Reach, Reply, Request, Settings};
pub use error::Error;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
pub use tls::Authorities;
pub use url::Url;
