//! Ways to sign in, services and protocols: on or off for the project's clients.

use api::{Call, Result};
use identity::policy::Method;
use projects::Service;

use crate::own::change;
use crate::protocol::Protocol;
use crate::{State, model};

macro_rules! switches {
    ($($(#[doc = $doc:literal])* $name:ident($params:ident: $field:ident: $type:ty = $wire:literal) => $set:expr;)*) => { $(
        kernel::params! {
            /// Switch to set.
            pub(crate) struct $params {
                /// Name of the switch.
                $field: $type = $wire,
                /// On or off.
                enabled: bool = "enabled",
            }
        }

        $(#[doc = $doc])*
        pub(crate) async fn $name(call: Call<State>, input: $params) -> Result<model::Project> {
            let set: fn(&mut projects::Settings, $type, bool) = $set;
            change(&call, move |record| set(&mut record.settings.0, input.$field, input.enabled)).await
        }
    )* };
}

switches! {
    /// Switches a way to sign in.
    method(OneMethod: method: Method = "methodId") => |settings, method, on| settings.policy.set_method(method, on);
    /// Switches a service.
    service(OneService: service: Service = "serviceId") => |settings, service, on| settings.set_service(service, on);
    /// Switches a protocol.
    protocol(OneProtocol: protocol: Protocol = "protocolId") => |settings, protocol, on| settings.set_api(protocol.into(), on);
}
