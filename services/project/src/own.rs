//! Wire format of `/v1/project`: the project of the request.

use std::sync::Arc;

use api::{Base, Call, Date, Refusal, Result};
use db::list::DEFAULT_LIMIT;
use identity::policy::Method;
use kernel::Scope;
use projects::{Api, Project, Service};
use projects_api::{Wire, keys};

use crate::model;
use crate::protocol::Protocol;

/// State of the service.
pub(crate) type State = projects_api::State<Own>;

/// Administers the project of the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own;

impl Wire for Own {
    const PROVIDER_ID: &'static str = "providerId";
    const METHOD_ID: &'static str = "methodId";
    const SERVICE_ID: &'static str = "serviceId";
    const PROTOCOL_ID: &'static str = "protocolId";
    const SWITCH: &'static str = "enabled";
    const KEYS_LIMIT: u64 = DEFAULT_LIMIT;

    type Protocol = Protocol;
    type Project = model::Project;

    /// The console is configured by its operator, not by requests.
    fn project(call: &Base) -> Result<&Arc<Project>> {
        if call.project.is_console() {
            Err(Refusal::Forbidden.into())
        } else {
            Ok(&call.project)
        }
    }

    fn may_grant(call: &Base, scopes: &[Scope]) -> bool {
        call.may_grant(scopes)
    }

    fn show(_: &Call<State>, project: &Project) -> model::Project {
        show(project)
    }
}

fn show(project: &Project) -> model::Project {
    let (record, settings) = (&project.record, project.settings());
    let smtp = &settings.smtp;
    let switch = |id: &'static str, enabled| model::Switch { id, enabled };
    let methods = Method::ALL
        .iter()
        .map(|method| switch(method.as_str(), settings.policy.allows(*method)));
    let services = Service::ALL
        .iter()
        .map(|service| switch(service.as_str(), settings.has_service(*service)));
    let protocols = Protocol::ALL
        .iter()
        .map(|protocol| switch(protocol.as_str(), settings.has_api(Api::from(*protocol))));
    model::Project {
        id: record.id.to_string(),
        created_at: record.created_at,
        updated_at: record.updated_at,
        name: record.name.clone(),
        team_id: record.team_id.to_string(),
        region: "default",
        status: "active",
        dev_keys: project.dev_keys.iter().map(keys::show_listed_dev_key).collect(),
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
        development: settings.development,
    }
}
