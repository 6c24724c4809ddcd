//! The project that a call administers: model, changes, audit log.

use api::{Act, Call, Result};
use projects::{ProjectId, Record};
use serde_json::Value;

use crate::{State, Wire};

/// Returns the project.
pub async fn get<W: Wire>(call: Call<State<W>>, (): ()) -> Result<W::Project> {
    Ok(W::show(&call, W::project(&call)?))
}

/// Changes the project's row in one act, and returns the changed project.
pub async fn change<W: Wire>(
    call: &Call<State<W>>,
    change: impl FnOnce(&mut Record) + Send + 'static,
) -> Result<W::Project> {
    let id = W::project(call)?.id().clone();
    try_change(call, |record| {
        change(record);
        Ok(())
    })
    .await?;
    show(call, &id).await
}

/// Changes the project's row in one act; an error of `change` rolls it back.
pub async fn try_change<W: Wire, T: Send + 'static>(
    call: &Call<State<W>>,
    change: impl FnOnce(&mut Record) -> projects::Result<T> + Send + 'static,
) -> Result<T> {
    let id = W::project(call)?.id().clone();
    call.act_in_console(move |act| {
        let mut outcome = Err(projects::Error::ProjectNotFound);
        projects::project::update(act, &id, |record| outcome = change(record))?;
        let outcome = outcome?;
        record_event(act, &id)?;
        api::Result::Ok(outcome)
    })
    .await
}

/// The model of the project after an act, whose commit has invalidated the cached project.
pub async fn show<W: Wire>(call: &Call<State<W>>, id: &ProjectId) -> Result<W::Project> {
    let project = call.app.projects.get(id.as_str()).await?;
    Ok(W::show(call, &project))
}

/// Writes an audit log entry about the project, as declared by the endpoint.
pub fn record_event(act: &mut Act<'_, '_>, id: &ProjectId) -> Result<()> {
    act.record_event(&[("projectId", id.as_str())], Value::Null)
}
