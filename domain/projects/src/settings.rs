//! Settings of a project: services, APIs, and the policy for users.

use identity::Policy;
use serde::{Deserialize, Serialize};

use crate::smtp::OwnSmtp;

kernel::choices! {
    /// A service that a project can disable for its clients.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Service {
        Account = "account", Avatars = "avatars", Databases = "databases", TablesDb = "tablesdb", Locale = "locale",
        Health = "health", Storage = "storage", Teams = "teams", Users = "users", Sites = "sites",
        Functions = "functions", GraphQl = "graphql", Messaging = "messaging",
    }
}

kernel::choices! {
    /// An API that a project can disable for its clients.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Api {
        Rest = "rest", GraphQl = "graphql", Realtime = "realtime",
    }
}

/// The settings of a project, stored as one JSON value; missing fields have their defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The rules for users.
    pub policy: Policy,
    /// Disabled services.
    pub disabled_services: Vec<Service>,
    /// Disabled APIs.
    pub disabled_apis: Vec<Api>,
    /// The project's own mail server.
    pub smtp: OwnSmtp,
    /// Whether the project is in development: URLs on the developer's own device (`localhost`, `exp://…`) are redirect
    /// targets without a platform.
    pub development: bool,
}

impl Settings {
    /// The settings of a new project. `dev`: the server runs in development mode.
    pub fn for_new_project(dev: bool) -> Self {
        Self {
            policy: Policy::for_new_project(),
            development: dev,
            ..Self::default()
        }
    }

    /// Whether a service is enabled.
    pub fn has_service(&self, service: Service) -> bool {
        !self.disabled_services.contains(&service)
    }

    /// Whether an API is enabled.
    pub fn has_api(&self, api: Api) -> bool {
        !self.disabled_apis.contains(&api)
    }

    /// Enables or disables a service.
    pub fn set_service(&mut self, service: Service, on: bool) {
        switch(&mut self.disabled_services, service, on);
    }

    /// Enables or disables an API.
    pub fn set_api(&mut self, api: Api, on: bool) {
        switch(&mut self.disabled_apis, api, on);
    }
}

fn switch<T: PartialEq>(disabled: &mut Vec<T>, one: T, on: bool) {
    disabled.retain(|other| *other != one);
    if !on {
        disabled.push(one);
    }
}
