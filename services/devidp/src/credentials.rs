//! Credentials for imitated providers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oauth::{Provider, Stored, Template};
use serde_json::{Map, Value};

use crate::keys;
use crate::pattern::Pattern;

/// App ID used by all apps without configured credentials.
pub const CLIENT_ID: &str = "dev";

/// Credentials that a project stores for a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredCredentials {
    /// App ID (`client_id`).
    pub app_id: String,
    /// Client secret, or all settings as JSON, depending on the provider's record.
    pub secret: String,
}

/// Prints only the app ID, since the secret may contain a private key.
impl std::fmt::Debug for StoredCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredCredentials")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

/// Credentials that are accepted by the development provider only.
///
/// They contain every setting that the record's URLs need. Host names of self-hosted providers contain the provider's
/// ID, so that they are distinct, and end in the reserved domain `.test` (RFC 6761 6.2). A private key for signing
/// client secrets is newly generated.
pub fn credentials(provider: &Provider) -> StoredCredentials {
    let shape = &provider.settings;
    let secret = match shape.stored {
        Stored::Plain | Stored::PlainOrJson if shape.fields.is_empty() => CLIENT_ID.to_owned(),
        _ => Value::Object(settings(provider)).to_string(),
    };
    StoredCredentials {
        app_id: CLIENT_ID.to_owned(),
        secret,
    }
}

fn settings(provider: &Provider) -> Map<String, Value> {
    let shape = &provider.settings;
    let host = format!("{}.dev.test", provider.id.to_lowercase());
    let sources = sources(provider);
    // Only the first alternative of each requirement is filled.
    let required: Vec<&str> = shape
        .required
        .iter()
        .filter_map(|requirement| requirement.0.first())
        .flatten()
        .filter_map(|parameter| shape.stored_key(parameter))
        .collect();
    let discovered = provider
        .discovery_url
        .as_ref()
        .is_some_and(|url| Pattern::url(url.as_str()).is_open());
    let key = provider
        .client_jwt
        .as_ref()
        .and_then(|jwt| Pattern::value(jwt.key.as_str()).names().next().map(str::to_owned));
    let secret = shape
        .secret_param
        .as_deref()
        .and_then(|parameter| shape.stored_key(parameter));
    let mut settings = Map::new();
    for name in shape.fields.values() {
        let source = sources.get(name).copied();
        let needed = required.contains(&name.as_str()) || secret == Some(name) || (source.is_some() && !discovered);
        if !needed || shape.defaults.contains_key(name) {
            continue;
        }
        let value = match source {
            _ if key.as_ref() == Some(name) => private_key(),
            Some(CredentialSource::Metadata) => format!("https://{host}/.well-known/openid-configuration"),
            Some(CredentialSource::Base) => format!("https://{host}"),
            Some(CredentialSource::Host) => host.clone(),
            None => CLIENT_ID.to_owned(),
            Some(CredentialSource::Step) => CLIENT_ID.to_owned(),
        };
        settings.insert(name.clone(), value.into());
    }
    settings
}

/// Part of a URL that is filled by a setting.
#[derive(Debug, Clone, Copy)]
enum CredentialSource {
    Metadata,
    Base,
    Host,
    Step,
}

fn sources(provider: &Provider) -> BTreeMap<String, CredentialSource> {
    let calls = provider.userinfo.iter().map(|call| &call.url);
    let urls = [
        &provider.authorize_url,
        &provider.token_url,
        &provider.refresh_url,
        &provider.jwks_url,
    ];
    let mut sources = BTreeMap::new();
    for url in urls.into_iter().chain(calls).flatten() {
        mark(&mut sources, url, CredentialSource::Base);
    }
    if let Some(url) = &provider.discovery_url {
        mark(&mut sources, url, CredentialSource::Metadata);
    }
    sources
}

fn mark(sources: &mut BTreeMap<String, CredentialSource>, url: &Template, whole: CredentialSource) {
    let text = url.as_str();
    for name in url.names() {
        let before = text.split(&format!("{{{name}}}")).next().unwrap_or_default();
        let source = match before {
            "" if text.len() == name.len() + 2 => whole,
            "" => CredentialSource::Base,
            before if before.ends_with("://") => CredentialSource::Host,
            _ => CredentialSource::Step,
        };
        sources.insert(name.to_owned(), source);
    }
}

/// Generates a private key in PKCS #8, as PEM (RFC 7468 10).
fn private_key() -> String {
    let text = STANDARD.encode(keys::generate());
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    )
}
