//! The protocols that a project switches.

use projects::Api;

kernel::choices! {
    /// A way to speak to the server, as the later API calls it.
    pub(crate) enum Protocol {
        /// Plain requests.
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
