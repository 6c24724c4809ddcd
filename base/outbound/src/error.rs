//! Errors of outbound requests. They contain only the host of a URL.

/// Why a request was not sent or got no reply.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL has no host, or a scheme other than http and https.
    #[error("the address is not an http or https URL")]
    NotHttp,
    /// The URL contains a user name or a password.
    #[error("the address of {0} contains a user name or a password")]
    UserInfo(String),
    /// Plain http to a host outside of the permitted networks.
    #[error("{0} must be reached over https")]
    NotSecure(String),
    /// The host is, or resolves to, a private, loopback or otherwise reserved address.
    #[error("{0} is a private or reserved address, which this server may not connect to")]
    Forbidden(String),
    /// The host has no address.
    #[error("{0} cannot be resolved")]
    Unresolved(String),
    /// No connection, or the TLS handshake failed.
    #[error("no connection to {host}: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// Error of the network or of TLS.
        reason: String,
    },
    /// The request timed out.
    #[error("{0} did not answer in time")]
    Timeout(String),
    /// The reply exceeds the size limit.
    #[error("{0} answered with more than {1} bytes")]
    TooLarge(String, usize),
    /// The connection broke, or the reply is not HTTP.
    #[error("connection to {host} closed: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// Error of the network.
        reason: String,
    },
    /// A file of certificates cannot be used.
    #[error("{0}")]
    Certificates(String),
    /// TLS could not be set up.
    #[error("the TLS client could not be set up: {0}")]
    Setup(String),
}

impl Error {
    /// Converts an error of the HTTP client and removes its URL.
    pub(crate) fn from_client(host: &str, error: reqwest::Error) -> Self {
        let host = host.to_owned();
        if error.is_timeout() {
            return Self::Timeout(host);
        }
        let connecting = error.is_connect();
        let error = error.without_url();
        // A refusal of the resolver is wrapped in the client's errors.
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        let mut reason = String::from("unknown");
        while let Some(current) = cause {
            if let Some(refusal) = current.downcast_ref::<Refusal>() {
                return match refusal {
                    Refusal::Forbidden => Self::Forbidden(host),
                    Refusal::Unresolved => Self::Unresolved(host),
                };
            }
            reason = current.to_string();
            cause = current.source();
        }
        if connecting {
            Self::Connect { host, reason }
        } else {
            Self::Broken { host, reason }
        }
    }
}

/// Why the resolver returns no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("every address is private or reserved")]
    Forbidden,
    #[error("no address")]
    Unresolved,
}
