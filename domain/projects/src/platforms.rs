//! Platforms: the apps that may call a project from a browser or a device.

use db::Tx;
use db::list::{Page, Queryable};
use db::sea_query::{Expr, ExprTrait, Order, Query};
use kernel::Timestamp;
use kernel::query::Queries;

use crate::error::Error;
use crate::ids::{PlatformId, ProjectId};
use crate::{Result, record};

kernel::choices! {
    /// Type of a platform.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum PlatformType {
        Web = "web", FlutterWeb = "flutter-web", FlutterIos = "flutter-ios", FlutterAndroid = "flutter-android",
        FlutterLinux = "flutter-linux", FlutterMacos = "flutter-macos", FlutterWindows = "flutter-windows",
        AppleIos = "apple-ios", AppleMacos = "apple-macos", AppleWatchos = "apple-watchos", AppleTvos = "apple-tvos",
        Android = "android", Unity = "unity", ReactNativeIos = "react-native-ios",
        ReactNativeAndroid = "react-native-android", Scheme = "scheme",
        // Types of the newer API (`/v1/project/platforms/…`) without an older equivalent.
        Apple = "apple", Windows = "windows", Linux = "linux",
    }
}

db::text_value!(PlatformType, PlatformType::parse);

impl PlatformType {
    /// Whether it is identified by a hostname instead of a key.
    pub fn has_hostname(self) -> bool {
        matches!(self, Self::Web | Self::FlutterWeb)
    }

    /// The URL schemes that its apps use for origins and callbacks; none for web apps.
    pub fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::Apple => &[
                "appwrite-ios",
                "appwrite-macos",
                "appwrite-watchos",
                "appwrite-tvos",
                "appwrite-visionos",
            ],
            Self::AppleIos | Self::FlutterIos | Self::ReactNativeIos => &["appwrite-ios"],
            Self::AppleMacos | Self::FlutterMacos => &["appwrite-macos"],
            Self::AppleWatchos => &["appwrite-watchos"],
            Self::AppleTvos => &["appwrite-tvos"],
            Self::Android | Self::FlutterAndroid | Self::ReactNativeAndroid => &["appwrite-android"],
            Self::Unity | Self::FlutterWindows | Self::Windows => &["appwrite-windows"],
            Self::FlutterLinux | Self::Linux => &["appwrite-linux"],
            Self::Web | Self::FlutterWeb | Self::Scheme => &[],
        }
    }
}

db::table! {
    /// An app that may call the project.
    pub struct Platform in platforms as Platforms {
        /// Its ID.
        pub id: PlatformId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// The project it belongs to.
        pub project_id: ProjectId => ProjectId,
        /// Type of the platform.
        pub r#type: PlatformType => Type,
        /// Display name.
        pub name: String => Name,
        /// The app's ID (`com.example.app`), or the scheme of a scheme platform.
        pub key: String => Key,
        /// The app's ID in a store.
        pub store: String => Store,
        /// A web app's host; `*.example.com` matches its subdomains.
        pub hostname: String => Hostname,
    }
}

impl Platform {
    /// Reduces the hostname to what a URL parser returns for the app's origin, and refuses a platform that could never
    /// match: one without the hostname or key that its type needs.
    fn normalize(&mut self) -> Result<()> {
        if self.r#type.has_hostname() {
            self.hostname = normalized_host(&self.hostname).ok_or(Error::PlatformInvalid(
                "Invalid `hostname` param: a web platform needs the host of its URLs, such as `app.example.com`, \
                 `*.example.com`, `10.0.0.1`, or `*` for any host",
            ))?;
        }
        if self.r#type == PlatformType::Scheme && !is_scheme(&self.key) {
            return Err(Error::PlatformInvalid(
                "Invalid `key` param: a scheme platform needs a URL scheme",
            ));
        }
        Ok(())
    }
}

/// The host of a text that people enter as a hostname: a host with or without scheme, port, path, spaces or final dot. A
/// name that is not ASCII is converted to the form that browsers send (IDNA). `None` if there is no valid host in it.
pub(crate) fn normalized_host(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next().unwrap_or_default();
    let bare = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if let Ok(address) = bare.map_or(text, |(address, _)| address).parse::<std::net::Ipv6Addr>() {
        return Some(format!("[{address}]"));
    }
    let (wildcard, rest) = match text.strip_prefix("*.") {
        Some(rest) => ("*.", rest),
        None => ("", text),
    };
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => rest,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    if host == "*" && wildcard.is_empty() {
        return Some("*".to_owned());
    }
    match url::Host::parse(host).ok()? {
        url::Host::Domain(name) if !name.is_empty() && !name.contains('*') => Some(format!("{wildcard}{name}")),
        url::Host::Domain(_) => None,
        // An address has no subdomains.
        address => wildcard.is_empty().then(|| address.to_string()),
    }
}

/// Whether a text is a valid URL scheme (RFC 3986, 3.1), and none that browsers execute or load.
fn is_scheme(text: &str) -> bool {
    let dangerous = ["javascript", "data", "file", "blob", "vbscript", "http", "https"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && !dangerous.contains(&text.to_ascii_lowercase().as_str())
}

/// The platforms of a project, oldest first.
pub fn of_project(tx: &mut Tx<'_>, project: &ProjectId) -> Result<Vec<Platform>> {
    let query = Platform::select()
        .and_where(Expr::col(Platforms::ProjectId).eq(project.as_str()))
        .order_by(Platforms::Id, Order::Asc)
        .take();
    let mut platforms: Vec<Platform> = tx.all(&query)?;
    // Hostnames that were stored before they were normalized.
    for platform in platforms.iter_mut().filter(|platform| platform.r#type.has_hostname()) {
        if let Some(host) = normalized_host(&platform.hostname) {
            platform.hostname = host;
        }
    }
    Ok(platforms)
}

/// Lists the platforms of a project. The newer API's names for an app's ID all refer to its key.
pub fn list(tx: &mut Tx<'_>, project: &ProjectId, queries: &Queries) -> Result<Page<Platform>> {
    let queryable = Queryable::new(Platforms::Id)
        .datetime("$createdAt", Platforms::CreatedAt)
        .datetime("$updatedAt", Platforms::UpdatedAt)
        .text("type", Platforms::Type)
        .text("name", Platforms::Name)
        .text("hostname", Platforms::Hostname)
        .text("key", Platforms::Key)
        .text("bundleIdentifier", Platforms::Key)
        .text("applicationId", Platforms::Key)
        .text("packageIdentifierName", Platforms::Key)
        .text("packageName", Platforms::Key);
    let own = Platform::select()
        .and_where(Expr::col(Platforms::ProjectId).eq(project.as_str()))
        .take();
    Ok(db::list::list(tx, &own, &queryable, queries)?)
}

/// Adds a platform.
pub fn insert(tx: &mut Tx<'_>, platform: &mut Platform) -> Result<()> {
    platform.normalize()?;
    match tx.execute(&platform.insert()) {
        Err(error) if error.is_unique("platforms_pkey") => return Err(Error::PlatformExists),
        other => other?,
    };
    record::touch(tx, &platform.project_id);
    Ok(())
}

/// Changes a platform.
pub fn update(
    tx: &mut Tx<'_>,
    project: &ProjectId,
    id: &PlatformId,
    change: impl FnOnce(&mut Platform),
) -> Result<Platform> {
    let own = Expr::col(Platforms::Id)
        .eq(id.as_str())
        .and(Expr::col(Platforms::ProjectId).eq(project.as_str()));
    let found = tx.lock_row::<Platform>(&Platform::select().and_where(own).take())?;
    let mut platform = found.ok_or(Error::PlatformNotFound)?;
    change(&mut platform);
    platform.normalize()?;
    platform.updated_at = tx.now();
    tx.save(&mut platform)?;
    record::touch(tx, project);
    Ok(platform.into_inner())
}

/// Deletes a platform.
pub fn delete(tx: &mut Tx<'_>, project: &ProjectId, id: &PlatformId) -> Result<()> {
    let own = Expr::col(Platforms::Id)
        .eq(id.as_str())
        .and(Expr::col(Platforms::ProjectId).eq(project.as_str()));
    let gone = tx.execute(&Query::delete().from_table(Platforms::Table).and_where(own).take())?;
    record::touch(tx, project);
    if gone == 1 {
        Ok(())
    } else {
        Err(Error::PlatformNotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_taken_out_of_what_people_enter() {
        for (entered, host) in [
            ("app.example.com", "app.example.com"),
            ("https://app.example.com/", "app.example.com"),
            ("https://App.example.com:8443/in?a=b#c", "app.example.com"),
            ("app.example.com:8443", "app.example.com"),
            (" app.example.com ", "app.example.com"),
            ("app.example.com.", "app.example.com"),
            ("::1", "[::1]"),
            ("[::1]:3000", "[::1]"),
            ("http://[::1]:3000", "[::1]"),
            ("127.0.0.1:3000", "127.0.0.1"),
            ("m\u{fc}nchen.example", "xn--mnchen-3ya.example"),
            ("*.M\u{fc}nchen.example", "*.xn--mnchen-3ya.example"),
            ("*", "*"),
            ("*.example.com", "*.example.com"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(normalized_host(entered).as_deref(), Some(host), "{entered}");
        }
        for bad in [
            "",
            " ",
            "https://",
            "a b",
            "*.10.0.0.1",
            "a*.example",
            "user@host",
            "*.",
        ] {
            assert_eq!(normalized_host(bad), None, "{bad}");
        }
    }
}
