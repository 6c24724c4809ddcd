//! The project of the request, and how it is changed and shown.

use api::{Act, Base, Call, Date, Refusal, Result};
use identity::policy::Method;
use projects::keys::DevKey;
use projects::{Api, Project, ProjectId, Record, Service, project};

use crate::{State, model};

/// The project that the caller may set up. The console is set up by its operator, not by a request.
pub(crate) fn of(call: &Base) -> Result<&Project> {
    if call.project.is_console() {
        Err(Refusal::Forbidden.into())
    } else {
        Ok(&call.project)
    }
}

/// The project.
pub(crate) async fn get(call: Call<State>, (): ()) -> Result<model::Project> {
    let own = of(&call)?;
    show(&call, &own.record, &own.dev_keys)
}

/// Changes the project's row in one act, and shows the project.
pub(crate) async fn change(
    call: &Call<State>,
    change: impl FnOnce(&mut Record) + Send + 'static,
) -> Result<model::Project> {
    let own = of(call)?;
    let id = own.id().clone();
    let record = call
        .act_in_console(move |act| {
            project::update(act, &id, change)?;
            record_event(act, &id)?;
            Ok::<_, api::Error>(project::find(act, &id)?)
        })
        .await?;
    show(call, &record, &own.dev_keys)
}

/// Notes in the audit log what was done to the project.
pub(crate) fn record_event(act: &mut Act<'_, '_>, id: &ProjectId) -> Result<()> {
    act.record_event(&[("projectId", id.as_str())], serde_json::Value::Null)
}

fn show(call: &Base, record: &Record, dev_keys: &[DevKey]) -> Result<model::Project> {
    let settings = &record.settings.0;
    let smtp = &settings.smtp;
    let vault = &call.app.vault;
    let dev_keys = dev_keys.iter().map(|key| Ok(views::dev_key(key, key.reveal(vault)?)));
    let switch = |id: &'static str, enabled| model::Switch { id, enabled };
    let methods = Method::ALL
        .iter()
        .map(|method| switch(method.as_str(), settings.policy.allows(*method)));
    let services = Service::ALL
        .iter()
        .map(|service| switch(service.as_str(), settings.has_service(*service)));
    let protocols = crate::protocol::Protocol::ALL
        .iter()
        .map(|protocol| switch(protocol.as_str(), settings.has_api(Api::from(*protocol))));
    Ok(model::Project {
        id: record.id.to_string(),
        created_at: record.created_at,
        updated_at: record.updated_at,
        name: record.name.clone(),
        team_id: record.team_id.to_string(),
        region: "default",
        status: "active",
        dev_keys: dev_keys.collect::<Result<_>>()?,
        smtp_enabled: smtp.enabled,
        smtp_sender_name: smtp.sender_name.clone(),
        smtp_sender_email: smtp.sender_email.clone(),
        smtp_reply_to_name: smtp.reply_to_name.clone(),
        smtp_reply_to_email: smtp.reply_to.clone(),
        smtp_host: smtp.host.clone(),
        smtp_port: smtp.shown_port(),
        smtp_username: smtp.username.clone(),
        smtp_password: "",
        smtp_secure: smtp.secure.map(|secure| secure.to_string()).unwrap_or_default(),
        ping_count: record.ping_count,
        pinged_at: Date(record.pinged_at),
        labels: record.labels.0.clone(),
        onboarding: serde_json::Map::new(),
        auth_methods: methods.collect(),
        services: services.collect(),
        protocols: protocols.collect(),
        blocks: Vec::new(),
        console_accessed_at: Date(None),
        waf_enabled: false,
    })
}
