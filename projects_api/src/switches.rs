//! Sign-in methods, services and protocols: on or off for the project's clients.

use api::{Call, Result};
use identity::policy::Method;
use projects::Service;

use crate::project::change;
use crate::{State, Wire, policies};

kernel::params! {
    /// Parameters that switch a sign-in method.
    pub struct UpdateMethod<W: Wire> {
        /// ID of the method.
        method: Method = (W::METHOD_ID),
        /// On or off.
        enabled: bool = (W::SWITCH),
    }
}

kernel::params! {
    /// Parameters that switch a service.
    pub struct UpdateService<W: Wire> {
        /// ID of the service.
        service: Service = (W::SERVICE_ID),
        /// On or off.
        enabled: bool = (W::SWITCH),
    }
}

kernel::params! {
    /// Parameters that switch a protocol.
    pub struct UpdateProtocol<W: Wire> {
        /// ID of the protocol.
        protocol: W::Protocol = (W::PROTOCOL_ID),
        /// On or off.
        enabled: bool = (W::SWITCH),
    }
}

kernel::params! {
    /// Parameters that switch development.
    pub struct UpdateDevelopment<W: Wire> {
        /// On or off.
        enabled: bool = (W::SWITCH),
    }
}

/// Switches a sign-in method.
pub async fn method<W: Wire>(call: Call<State<W>>, input: UpdateMethod<W>) -> Result<W::Project> {
    policies::change(call, move |policy| policy.set_method(input.method, input.enabled)).await
}

/// Switches a service.
pub async fn service<W: Wire>(call: Call<State<W>>, input: UpdateService<W>) -> Result<W::Project> {
    change(&call, move |record| {
        record.settings.0.set_service(input.service, input.enabled);
    })
    .await
}

/// Switches a protocol.
pub async fn protocol<W: Wire>(call: Call<State<W>>, input: UpdateProtocol<W>) -> Result<W::Project> {
    change(&call, move |record| {
        record.settings.0.set_api(input.protocol.into(), input.enabled);
    })
    .await
}

/// Switches development, in which URLs on the developer's own device are redirect targets without a platform.
pub async fn development<W: Wire>(call: Call<State<W>>, input: UpdateDevelopment<W>) -> Result<W::Project> {
    change(&call, move |record| record.settings.0.development = input.enabled).await
}
