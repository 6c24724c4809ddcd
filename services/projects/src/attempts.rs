//! Recorded OAuth2 sign-ins, for finding out why one failed. They are stored in the project's own database.

use api::{Call, Result};
use identity::AttemptId;
use identity::attempts::{self, Trace};
use kernel::query::Texts;
use user_agents::Agent;

use crate::model;
use crate::target::State;

kernel::params! {
    /// Parameters of the list of recorded sign-ins.
    pub(crate) struct ListAttempts {
        /// Queries on `provider`, `kind`, `outcome`, `errorType`, `userId`, `ip`, `$id`, `$createdAt` and `$updatedAt`.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of one recorded sign-in.
    pub(crate) struct GetAttempt {
        /// ID of the recorded sign-in.
        attempt_id: AttemptId = "attemptId",
    }
}

/// Lists the sign-ins of the last seven days, newest first by default.
pub(crate) async fn list(call: Call<State>, input: ListAttempts) -> Result<model::AttemptList> {
    let queries = input.queries.read("", input.total)?;
    let database = call.app.engine.database(call.target()?.id().as_str());
    let page = database.read(move |tx| attempts::list(tx, queries)).await?;
    Ok(model::AttemptList {
        total: page.total,
        attempts: page.rows.into_iter().map(|trace| show(&call, trace)).collect(),
    })
}

/// Returns a recorded sign-in.
pub(crate) async fn get(call: Call<State>, input: GetAttempt) -> Result<model::Attempt> {
    let database = call.app.engine.database(call.target()?.id().as_str());
    let trace = database.read(move |tx| attempts::find(tx, &input.attempt_id)).await?;
    Ok(show(&call, trace))
}

fn show(call: &Call<State>, trace: Trace) -> model::Attempt {
    let agent = Agent::parse(&trace.user_agent);
    let country = trace.ip.parse().ok().map(|ip| (call.app.country_of)(ip));
    model::Attempt {
        id: trace.id.to_string(),
        created_at: trace.created_at,
        updated_at: trace.updated_at,
        provider: trace.provider,
        kind: trace.kind.to_string(),
        outcome: trace.outcome.to_string(),
        error_type: trace.error_type,
        error_message: trace.error_message,
        provider_error: trace.provider_error,
        steps: trace.steps.0,
        user_id: trace.user_id,
        ip: trace.ip,
        country_code: country.unwrap_or_else(|| "--".to_owned()),
        os_code: agent.os_code.to_string(),
        os_name: agent.os_name.to_string(),
        os_version: agent.os_version.to_string(),
        client_type: agent.client_type.to_string(),
        client_code: agent.client_code.to_string(),
        client_name: agent.client_name.to_string(),
        client_version: agent.client_version.to_string(),
        client_engine: agent.client_engine.to_string(),
        client_engine_version: agent.client_engine_version.to_string(),
        device_name: agent.device_name.to_string(),
        device_brand: agent.device_brand.to_string(),
        device_model: agent.device_model.to_string(),
    }
}
