//! Origins: web pages and apps that may call a project, and allowed redirect targets of a sign-in.
//!
//! Both use the WHATWG URL parser, and its result instead of the raw text, so that the checked URL is the one that a
//! browser opens (RFC 9700, 4.11; OWASP Unvalidated Redirects).

use url::{Host, Url};

use crate::platforms::PlatformType;
use crate::project::Project;

/// Maximum length of a redirect URL, in bytes.
pub const MAX_LEN: usize = 2048;

/// Schemes for which the host is checked; for others the scheme.
const HOST_SCHEMES: &[&str] = &[
    "http",
    "https",
    "chrome-extension",
    "moz-extension",
    "safari-web-extension",
    "ms-browser-extension",
    "tauri",
];

/// Host names of the server, from its public URL. They are allowed for every project.
#[derive(Debug, Clone, Default)]
pub struct OwnHosts(pub Vec<String>);

/// Reason for refusing a URL; its text completes the sentence `Invalid … :`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not a URL, or one with a forbidden part.
    Malformed(&'static str),
    /// A host that no platform declares.
    UnknownHost(String),
    /// A scheme that no platform declares.
    UnknownScheme(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(rule) => write!(f, "Invalid URI. {rule}"),
            Self::UnknownHost(host) => write!(
                f,
                "Invalid URI. Register your new client ({host}) as a new Web platform on your project console dashboard"
            ),
            Self::UnknownScheme(scheme) => write!(
                f,
                "Invalid URI. The scheme {scheme} is not supported, or no platform of the project has it"
            ),
        }
    }
}

/// Parses a redirect URL.
pub fn parse_redirect(text: &str) -> Result<Url, Refusal> {
    if text.len() > MAX_LEN {
        return Err(Refusal::Malformed("A redirect URL has at most 2048 characters"));
    }
    // The parser would drop or replace these characters; no honest app sends them.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(Refusal::Malformed(
            "A redirect URL holds no spaces, control characters or backslashes",
        ));
    }
    let url = Url::parse(text).map_err(|_| Refusal::Malformed("Value must be a valid URL"))?;
    if matches!(url.scheme(), "javascript" | "data" | "file" | "blob" | "vbscript") {
        return Err(Refusal::UnknownScheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Malformed("A redirect URL holds no user name or password"));
    }
    // The parser accepts `http:/host` and `http:host` as if they were complete.
    let special = matches!(url.scheme(), "http" | "https");
    if special && (url.host().is_none() || !has_authority(text)) {
        return Err(Refusal::Malformed("Value must be a valid URL with a host"));
    }
    Ok(url)
}

/// Whether the text has a host directly after `://`.
fn has_authority(text: &str) -> bool {
    text.split_once(':')
        .and_then(|(_, rest)| rest.strip_prefix("//"))
        .is_some_and(|host| !host.starts_with('/'))
}

impl Project {
    /// Checks a redirect URL and returns it parsed. `any_host` skips the check of the host only (development keys).
    pub fn check_redirect(&self, text: &str, own: &OwnHosts, any_host: bool) -> Result<Url, Refusal> {
        let url = parse_redirect(text)?;
        if !HOST_SCHEMES.contains(&url.scheme()) {
            let known = self.has_scheme(url.scheme());
            return if known {
                Ok(url)
            } else {
                Err(Refusal::UnknownScheme(url.scheme().to_owned()))
            };
        }
        let host = url.host().map(|host| host.to_string()).unwrap_or_default();
        if any_host || self.has_host(&host, own) {
            Ok(url)
        } else {
            Err(Refusal::UnknownHost(host))
        }
    }

    /// Whether an origin (the `Origin` or `Referer` header) may send requests.
    pub fn allows_origin(&self, origin: &str, own: &OwnHosts) -> bool {
        let Ok(url) = Url::parse(origin) else { return false };
        if HOST_SCHEMES.contains(&url.scheme()) {
            self.has_host(&url.host().map(|host| host.to_string()).unwrap_or_default(), own)
        } else {
            self.has_scheme(url.scheme())
        }
    }

    fn has_host(&self, host: &str, own: &OwnHosts) -> bool {
        if host.is_empty() {
            return false;
        }
        let listed = self.platforms.iter().any(|platform| {
            let pattern = if platform.r#type.has_hostname() {
                &platform.hostname
            } else {
                &platform.key
            };
            platform.r#type != PlatformType::Scheme && matches(pattern, host)
        });
        listed || own.0.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    fn has_scheme(&self, scheme: &str) -> bool {
        // The parser converts schemes to lower case; project IDs keep their case.
        let callback = format!("appwrite-callback-{}", self.record.id).to_ascii_lowercase();
        scheme == "exp"
            || scheme == callback
            || self.platforms.iter().any(|platform| match platform.r#type {
                PlatformType::Scheme => platform.key.eq_ignore_ascii_case(scheme),
                other => other.scheme() == Some(scheme),
            })
    }
}

/// `*` matches every host, `*.example.com` hosts with one or more labels before `example.com`, other patterns only the
/// same host.
fn matches(pattern: &str, host: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    if pattern == "*" {
        return true;
    }
    match pattern.strip_prefix("*.") {
        // An IP address has no subdomains.
        Some(_) if !matches!(Host::parse(&host), Ok(Host::Domain(_))) => false,
        Some(parent) => host
            .strip_suffix(parent)
            .and_then(|rest| rest.strip_suffix('.'))
            .is_some_and(|labels| !labels.is_empty()),
        None => !pattern.is_empty() && pattern == host,
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::ids::{PlatformId, ProjectId};
    use crate::platforms::Platform;
    use crate::settings::Settings;

    fn project(platforms: &[(PlatformType, &str, &str)]) -> Project {
        let now = Timestamp::from_millis(0);
        let mut project = Project::console(Settings::default(), now);
        project.record.id = ProjectId::trusted("Shop");
        project.platforms = platforms
            .iter()
            .map(|(r#type, key, hostname)| Platform {
                id: PlatformId::trusted("p"),
                created_at: now,
                updated_at: now,
                project_id: ProjectId::trusted("Shop"),
                r#type: *r#type,
                name: String::new(),
                key: (*key).to_owned(),
                store: String::new(),
                hostname: (*hostname).to_owned(),
            })
            .collect();
        project
    }

    fn shop() -> Project {
        project(&[
            (PlatformType::Web, "", "shop.example"),
            (PlatformType::Web, "", "*.apps.example"),
            (PlatformType::Android, "com.example.shop", ""),
            (PlatformType::Scheme, "myshop", ""),
        ])
    }

    #[test]
    fn redirects_to_platforms_are_allowed() {
        let own = OwnHosts(vec!["api.example".to_owned()]);
        for good in [
            "https://shop.example/in",
            "http://SHOP.example:3000/?a=b#c",
            "https://a.apps.example",
            "https://a.b.apps.example",
            "https://api.example/x",
            "appwrite-callback-shop://",
            "appwrite-android://com.example.shop",
            "myshop://in",
            "exp://x",
        ] {
            assert!(shop().check_redirect(good, &own, false).is_ok(), "{good}");
        }
    }

    #[test]
    fn other_redirects_are_refused() {
        for bad in [
            "",
            "/in",
            "//evil.example",
            "https:/evil.example",
            "https:shop.example",
            "https:///shop.example",
            "http://",
            "https://evil.example",
            "https://shop.example.evil.example",
            "https://evilshop.example",
            "https://apps.example",
            "https://shop.example@evil.example",
            "https://user:pass@shop.example",
            "https://evil.example#shop.example",
            "https://evil.example\\@shop.example",
            "https://evil.example/?x=https://shop.example",
            "javascript:alert(1)",
            "javascript://shop.example/%0aalert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://shop.example/x",
            "appwrite-callback-other://",
            "appwrite-ios://x",
            "other://x",
            "https://shop.example\n.evil.example",
            " https://shop.example",
            "https://shop.exаmple",
            "https://127.0.0.1",
            "https://[::1]",
            "https://0x7f.1",
            "ftp://shop.example",
            "https://%65vil.example",
            "https://shop。example.evil.example",
            "https://shop.example%2eevil.example",
            "https://shop.example:443@evil.example",
        ] {
            assert!(
                shop().check_redirect(bad, &OwnHosts::default(), false).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_development_key_lifts_the_host_test_and_nothing_else() {
        let shop = shop();
        assert!(
            shop.check_redirect("https://anywhere.example", &OwnHosts::default(), true)
                .is_ok()
        );
        for bad in [
            "javascript:alert(1)",
            "other://x",
            "https://a:b@c.example",
            "https:/c.example",
        ] {
            assert!(shop.check_redirect(bad, &OwnHosts::default(), true).is_err(), "{bad}");
        }
    }
}
