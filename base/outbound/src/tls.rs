//! TLS by rustls on ring, with Mozilla's root certificates: no system library, the same on every machine.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::Error;

/// A client configuration for TLS 1.2 and 1.3.
pub(crate) fn config() -> Result<ClientConfig, Error> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Setup(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
