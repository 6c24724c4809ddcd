//! TLS with rustls and ring, with Mozilla's root certificates and the operator's; independent of system libraries.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::Error;

/// Additional trusted certificate authorities, such as those of the operator's network.
#[derive(Clone, Default)]
pub struct Authorities(Arc<[CertificateDer<'static>]>);

impl Authorities {
    /// Reads a file of at least one certificate in PEM (RFC 7468).
    ///
    /// # Errors
    /// [`Error::Certificates`] if it cannot be read, contains no certificate, or an invalid X.509 certificate.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let bad = |reason: &dyn std::fmt::Display| Error::Certificates(format!("{}: {reason}", file.display()));
        let certificates: Vec<_> = CertificateDer::pem_file_iter(file)
            .and_then(Iterator::collect)
            .map_err(|error| bad(&error))?;
        if certificates.is_empty() {
            return Err(bad(&"there is no certificate in it"));
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store.add(certificate.clone()).map_err(|error| bad(&error))?;
        }
        Ok(Self(certificates.into()))
    }

    /// The certificates in DER (X.690).
    pub fn der(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|certificate| &**certificate)
    }
}

impl std::fmt::Debug for Authorities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authorities({})", self.0.len())
    }
}

/// A client configuration for TLS 1.2 and 1.3.
pub(crate) fn config(authorities: &Authorities) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    roots.add_parsable_certificates(authorities.0.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Setup(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
