//! Services and APIs, on and off for a project's clients.

use api::{Call, Result};
use projects::{Api, Service};

use crate::projects::change;
use crate::{State, model};

kernel::params! {
    /// A service to switch.
    pub(crate) struct UpdateServiceStatus {
        /// Id of the service.
        service: Service = "service",
        /// On or off.
        status: bool = "status",
    }
}

kernel::params! {
    /// An API to switch.
    pub(crate) struct UpdateApiStatus {
        /// Id of the api.
        api: Api = "api",
        /// On or off.
        status: bool = "status",
    }
}

kernel::params! {
    /// All at once.
    pub(crate) struct UpdateAllStatuses {
        /// On or off.
        status: bool = "status",
    }
}

/// Switches a service.
pub(crate) async fn service(call: Call<State>, input: UpdateServiceStatus) -> Result<model::Project> {
    change(&call, move |record| {
        record.settings.0.set_service(input.service, input.status);
    })
    .await
}

/// Switches every service.
pub(crate) async fn all_services(call: Call<State>, input: UpdateAllStatuses) -> Result<model::Project> {
    change(&call, move |record| {
        for service in Service::ALL {
            record.settings.0.set_service(*service, input.status);
        }
    })
    .await
}

/// Switches an API.
pub(crate) async fn api(call: Call<State>, input: UpdateApiStatus) -> Result<model::Project> {
    change(&call, move |record| record.settings.0.set_api(input.api, input.status)).await
}

/// Switches every API.
pub(crate) async fn all_apis(call: Call<State>, input: UpdateAllStatuses) -> Result<model::Project> {
    change(&call, move |record| {
        for api in Api::ALL {
            record.settings.0.set_api(*api, input.status);
        }
    })
    .await
}
