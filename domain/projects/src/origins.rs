//! Origins: web pages and apps that may call a project, and allowed redirect targets of a sign-in.
//!
//! Both use the WHATWG URL parser, and its result instead of the raw text, so that the checked URL is the one that a
//! browser opens (RFC 9700, 4.11; OWASP Unvalidated Redirects).

use std::net::Ipv4Addr;

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
    // Capacitor's and Ionic's web views: `capacitor://localhost` (iOS), `ionic://localhost`.
    "capacitor",
    "ionic",
];

/// The scheme of Expo's development client. Its host is the machine of the developer.
const EXPO: &str = "exp";

/// The server's own address. It is allowed for every project.
#[derive(Debug, Clone, Default)]
pub struct OwnHosts {
    /// Host of the server's public URL, as a URL parser returns it.
    host: String,
    /// Port of the public URL.
    port: Option<u16>,
}

impl OwnHosts {
    /// Reads the host and the port of the server's public URL.
    pub fn of(public_url: &Url) -> Self {
        Self {
            host: public_url.host_str().unwrap_or_default().to_owned(),
            port: public_url.port_or_known_default(),
        }
    }

    /// Whether requests of pages on this host are the server's own. `localhost` is included, for development tools that
    /// call the console.
    fn allows_page(&self, host: &str) -> bool {
        host == "localhost" || (!self.host.is_empty() && self.host.eq_ignore_ascii_case(host))
    }

    /// Whether a URL is on the server's host. Ports are not compared, except on a loopback host, where each belongs to
    /// another program.
    fn allows_target(&self, url: &Url) -> bool {
        let same_host =
            !self.host.is_empty() && url.host_str().is_some_and(|host| host.eq_ignore_ascii_case(&self.host));
        same_host && (!is_loopback(url) || url.port_or_known_default() == self.port)
    }
}

/// Whether a URL is the address of a page in a browser or a web view, and not of a native app.
pub fn is_page(url: &Url) -> bool {
    HOST_SCHEMES.contains(&url.scheme())
}

/// Whether a URL's host is the device of its reader: `localhost`, 127.0.0.0/8 or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // Hosts of schemes that the URL standard does not know are opaque text, even if they are addresses.
        Some(Host::Domain(name)) => {
            name.eq_ignore_ascii_case("localhost")
                || name.to_ascii_lowercase().ends_with(".localhost")
                || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

/// Reason for refusing a URL; its text completes the sentence `Invalid … :`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not a URL, or one with a forbidden part.
    Malformed(&'static str),
    /// A host that no platform declares.
    UnknownHost(String),
    /// A scheme that no platform declares.
    UnknownScheme(String),
    /// The reader's own device or Expo's development client, which no platform declares.
    Development(String),
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
            Self::Development(target) => write!(
                f,
                "Invalid URI. {target} is allowed only if a Web platform of the project has this hostname, or if \
                 development is switched on for the project (PATCH /v1/projects/{{projectId}}/development)"
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
        if url.scheme() != EXPO && !HOST_SCHEMES.contains(&url.scheme()) {
            let known = self.has_scheme(url.scheme());
            return if known {
                Ok(url)
            } else {
                Err(Refusal::UnknownScheme(url.scheme().to_owned()))
            };
        }
        let host = url.host().map(|host| host.to_string()).unwrap_or_default();
        let for_development = url.scheme() == EXPO || is_loopback(&url);
        if any_host
            || self.has_host(&host)
            || (url.scheme() != EXPO && own.allows_target(&url))
            || (for_development && self.settings().development)
        {
            Ok(url)
        } else if for_development {
            Err(Refusal::Development(format!("{}://{host}", url.scheme())))
        } else {
            Err(Refusal::UnknownHost(host))
        }
    }

    /// Whether an origin (the `Origin` or `Referer` header) may send requests.
    pub fn allows_origin(&self, origin: &str, own: &OwnHosts) -> bool {
        let Ok(url) = Url::parse(origin) else { return false };
        if HOST_SCHEMES.contains(&url.scheme()) {
            let host = url.host().map(|host| host.to_string()).unwrap_or_default();
            own.allows_page(&host) || self.has_host(&host)
        } else {
            url.scheme() == EXPO || self.has_scheme(url.scheme())
        }
    }

    /// Whether a platform has this host.
    fn has_host(&self, host: &str) -> bool {
        !host.is_empty()
            && self.platforms.iter().any(|platform| {
                let pattern = if platform.r#type.has_hostname() {
                    &platform.hostname
                } else {
                    &platform.key
                };
                platform.r#type != PlatformType::Scheme && matches(pattern, host)
            })
    }

    fn has_scheme(&self, scheme: &str) -> bool {
        // The parser converts schemes to lower case; project IDs keep their case.
        let callback = format!("appwrite-callback-{}", self.record.id).to_ascii_lowercase();
        scheme == callback
            || self.platforms.iter().any(|platform| match platform.r#type {
                PlatformType::Scheme => platform.key.eq_ignore_ascii_case(scheme),
                other => other.schemes().contains(&scheme),
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
        let own = OwnHosts::of(&Url::parse("https://api.example").expect("a URL"));
        for good in [
            "https://shop.example/in",
            "http://SHOP.example:3000/?a=b#c",
            "https://a.apps.example",
            "https://a.b.apps.example",
            "https://api.example/x",
            "appwrite-callback-shop://",
            "appwrite-android://com.example.shop",
            "myshop://in",
            "exp://shop.example",
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
            "exp://evil.example:8081",
            "http://localhost",
            "capacitor://localhost",
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
    fn a_developers_own_device_is_led_back_to_only_in_development_or_by_a_platform() {
        let local = [
            "exp://192.168.1.5:8081/--/in",
            "http://localhost:3000/in",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "http://app.localhost",
            "capacitor://localhost",
        ];
        // On a loopback host, another port is another program.
        let own = OwnHosts::of(&Url::parse("http://localhost:8080").expect("a URL"));
        assert!(shop().check_redirect("http://localhost:8080/in", &own, false).is_ok());
        for target in local {
            let refused = shop().check_redirect(target, &own, false).expect_err(target);
            assert!(refused.to_string().contains("development"), "{refused}");
            let mut developing = shop();
            developing.record.settings.0.development = true;
            assert!(developing.check_redirect(target, &own, false).is_ok(), "{target}");
            assert!(developing.check_redirect("https://evil.example", &own, false).is_err());
        }
        let named = project(&[
            (PlatformType::Web, "", "localhost"),
            (PlatformType::Web, "", "192.168.1.5"),
        ]);
        for target in [local[0], local[1], local[5]] {
            assert!(named.check_redirect(target, &own, false).is_ok(), "{target}");
        }
        assert!(named.check_redirect(local[2], &own, false).is_err());
    }

    #[test]
    fn each_platform_of_apple_calls_by_its_own_scheme() {
        let apple = project(&[(PlatformType::Apple, "com.example.shop", "")]);
        for system in ["ios", "macos", "watchos", "tvos", "visionos"] {
            let origin = format!("appwrite-{system}://com.example.shop");
            assert!(apple.allows_origin(&origin, &OwnHosts::default()), "{origin}");
            assert!(apple.check_redirect(&origin, &OwnHosts::default(), false).is_ok());
        }
        assert!(!apple.allows_origin("appwrite-android://com.example.shop", &OwnHosts::default()));
    }

    #[test]
    fn web_views_have_the_host_of_a_platform() {
        let local = project(&[(PlatformType::Web, "", "localhost")]);
        for origin in ["capacitor://localhost", "ionic://localhost", "tauri://localhost"] {
            assert!(local.allows_origin(origin, &OwnHosts::default()), "{origin}");
        }
        let shop = shop();
        assert!(!shop.allows_origin("capacitor://evil.example", &OwnHosts::default()));
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
