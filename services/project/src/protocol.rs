//! Names of the protocols that a project can switch off.

use projects::Api;

kernel::choices! {
    /// A protocol, by its name in the newer API.
    pub(crate) enum Protocol {
        /// REST.
        Rest = "rest",
        /// GraphQL.
        GraphQl = "graphql",
        /// Realtime.
        WebSocket = "websocket",
    }
}

impl From<Protocol> for Api {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Rest => Self::Rest,
            Protocol::GraphQl => Self::GraphQl,
            Protocol::WebSocket => Self::Realtime,
        }
    }
}
