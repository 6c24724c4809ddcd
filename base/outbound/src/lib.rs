//! The one HTTP client for everything that the server fetches on a user's behalf: OAuth2 endpoints, avatars, webhooks.
//!
//! A URL from a user must not become a way into the network that the server stands in (server-side request forgery), so a
//! host is resolved once, every address is tested, and the connection goes to an address that passed
//! (OWASP Server-Side Request Forgery Prevention Cheat Sheet). Redirects are never followed, the time and the size of a
//! reply are bounded, proxies in the environment are ignored, and no error repeats a query string or a body.
//!
//! Not here: what the replies mean; retries; how the list of permitted networks is read from the settings.

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
