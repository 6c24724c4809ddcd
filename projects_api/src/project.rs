//! The project that a call administers: shown, changed, audited.

use api::{Act, Call, Result};
use projects::{ProjectId, Record};
use serde_json::Value;

use crate::{State, Wire};

/// Shows the project.
pub async fn get<W: Wire>(call: Call<State<W>>, (): ()) -> Result<W::Project> {
    W::show(&call, W::project(&call)?)
}

/// Changes the project's row in one act, and shows the project as it is afterwards.
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

/// Changes the project's row in one act; an error of `change` undoes it.
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

/// Shows the project as it is after an act: its commit has invalidated the cached one.
pub async fn show<W: Wire>(call: &Call<State<W>>, id: &ProjectId) -> Result<W::Project> {
    let project = call.app.projects.get(id.as_str()).await?;
    W::show(call, &project)
}

/// Writes an act on the project to the audit log, as the endpoint declares it.
pub fn record_event(act: &mut Act<'_, '_>, id: &ProjectId) -> Result<()> {
    act.record_event(&[("projectId", id.as_str())], Value::Null)
}
