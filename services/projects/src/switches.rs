//! Services and protocols: on or off for the project's clients.

use api::{Call, Result};
use projects::{Api, Service};
use projects_api::project::change;
pub(crate) use projects_api::switches::{development, protocol as api, service};

use crate::model;
use crate::target::State;

kernel::params! {
    /// Parameters that switch all services or all protocols.
    pub(crate) struct UpdateAllStatuses {
        /// On or off.
        status: bool = "status",
    }
}

/// Switches all services.
pub(crate) async fn all_services(call: Call<State>, input: UpdateAllStatuses) -> Result<model::Project> {
    change(&call, move |record| {
        for service in Service::ALL {
            record.settings.0.set_service(*service, input.status);
        }
    })
    .await
}

/// Switches all protocols.
pub(crate) async fn all_apis(call: Call<State>, input: UpdateAllStatuses) -> Result<model::Project> {
    change(&call, move |record| {
        for api in Api::ALL {
            record.settings.0.set_api(*api, input.status);
        }
    })
    .await
}
