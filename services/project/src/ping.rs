//! `GET /v1/ping`: the first call of the SDKs' quick starts, which shows that the project is reached.

use api::{Call, IntoReply, Reply, Result, Schemas};
use bytes::Bytes;
use http::StatusCode;
use projects::Error;
use projects_api::Wire;

use crate::own::{Own, State};

/// The reply: plain text.
#[derive(Debug)]
pub(crate) struct Pong;

impl IntoReply for Pong {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut Schemas) {}

    fn into_reply(self) -> Reply {
        Reply::bytes("text/plain; charset=UTF-8", Bytes::from_static(b"Pong!"))
    }
}

/// Counts a ping of the project.
pub(crate) async fn ping(call: Call<State>, (): ()) -> Result<Pong> {
    if call.project.is_console() {
        return Err(Error::ProjectNotFound.into());
    }
    let (id, now) = (call.project.id().clone(), call.now());
    let payload = serde_json::to_value(Own::show(&call, &call.project)).unwrap_or_default();
    call.act_in_console(move |act| {
        projects::project::update(act, &id, |record| {
            record.ping_count += 1;
            record.pinged_at = Some(now);
        })?;
        act.record_event(&[("projectId", id.as_str())], payload)
    })
    .await?;
    Ok(Pong)
}
