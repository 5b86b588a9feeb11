//! Whom the client trusts: the system's certificates, and those that the administrator adds.
//!
//! A container often has no certificates at all; then Mozilla's list, compiled in, takes over. The
//! two are not mixed, so that a system that removed an authority stays obeyed.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::SetupError;

/// Builds the TLS configuration that all connections share.
pub(crate) fn client_config(extra_roots_pem: &[u8]) -> Result<ClientConfig, SetupError> {
    let mut roots = system_roots();
    if roots.is_empty() {
        tracing::info!("the system has no certificates, using the ones compiled in");
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for certificate in CertificateDer::pem_slice_iter(extra_roots_pem) {
        let certificate = certificate.map_err(|e| SetupError::Certificate(e.to_string()))?;
        roots.add(certificate).map_err(|e| SetupError::Certificate(e.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // A bundle may hold certificates too old to be understood; the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}
