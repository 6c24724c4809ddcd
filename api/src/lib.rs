//! Declaration of endpoints, and the way from a request to its reply.
//!
//! A service is a table of [`Endpoint`]s. The [`Router`] finds the endpoint of a request, identifies the caller, runs
//! the guard, reads the parameters, runs the handler, and writes the reply or the error. Each fact about an endpoint is
//! declared once.
//!
//! Not here: sockets (the server's), and the handlers (the services').

pub mod app;
pub mod body;
pub mod call;
pub mod caller;
pub mod cookies;
mod declaration;
pub mod endpoint;
pub mod error;
mod guard;
mod guesses;
mod headers;
pub mod identify;
pub mod input;
mod json;
mod limits;
pub mod links;
pub mod media;
pub mod model;
pub mod openapi;
pub mod page;
pub mod reply;
pub mod request;
mod request_id;
pub mod router;
pub mod service;
pub mod socket;
mod upgrade;
mod version;

pub use app::{App, Settings};
pub use body::{Body, BodyStream, RequestBody};
pub use call::{Act, Base, Call};
pub use caller::Caller;
pub use endpoint::{Bound, BoxFuture, Endpoint, PER_HOUR};
pub use error::{Error, Refusal, Result};
pub use model::{Date, Model};
pub use reply::{Accepted, Created, Document, IntoReply, Navigation, NoContent, Reply, Schemas, With};
pub use request::{Proxies, Request};
pub use router::Router;
pub use service::{Service, Site};
pub use version::VERSION;
#[doc(hidden)]
pub use {serde, serde_json};
