//! The server's variables, under the names that Appwrite's console reads.

use api::{Call, Result};
use url::{Host, Url};

use crate::State;

api::model! {
    /// Settings and features of this server.
    pub(crate) struct Variables as "consoleVariables" {
        /// Target of the CNAME record of a custom domain.
        target_cname: String = "_APP_DOMAIN_TARGET_CNAME",
        /// Target of the A record of a custom domain.
        target_a: String = "_APP_DOMAIN_TARGET_A",
        /// Time limit of a build, in seconds.
        build_timeout: i64 = "_APP_COMPUTE_BUILD_TIMEOUT",
        /// Target of the AAAA record of a custom domain.
        target_aaaa: String = "_APP_DOMAIN_TARGET_AAAA",
        /// Certificate authority for the CAA record of a custom domain.
        target_caa: String = "_APP_DOMAIN_TARGET_CAA",
        /// Maximum size of a file, in bytes.
        storage_limit: i64 = "_APP_STORAGE_LIMIT",
        /// Maximum size of a deployment, in bytes.
        size_limit: i64 = "_APP_COMPUTE_SIZE_LIMIT",
        /// Whether usage statistics are collected.
        usage_stats: String = "_APP_USAGE_STATS",
        /// Whether deployments from Git repositories are available.
        vcs_enabled: bool = "_APP_VCS_ENABLED",
        /// Whether custom domains can be added.
        domain_enabled: bool = "_APP_DOMAIN_ENABLED",
        /// Whether the assistant is available.
        assistant_enabled: bool = "_APP_ASSISTANT_ENABLED",
        /// The domain under which sites are served.
        domain_sites: String = "_APP_DOMAIN_SITES",
        /// The domain under which functions are served.
        domain_functions: String = "_APP_DOMAIN_FUNCTIONS",
        /// Whether the server's public URL uses https.
        force_https: String = "_APP_OPTIONS_FORCE_HTTPS",
        /// Name servers that custom domains may use.
        nameservers: String = "_APP_DOMAINS_NAMESERVERS",
    }
}

/// Returns the server's variables.
pub(crate) async fn get(call: Call<State>, (): ()) -> Result<Variables> {
    let limits = &call.state.limits;
    let url = &call.app.settings.public_url;
    let target = Target::of(url);
    Ok(Variables {
        target_cname: target.cname,
        target_a: target.a,
        build_timeout: limits.build_seconds,
        target_aaaa: target.aaaa,
        target_caa: String::new(),
        storage_limit: limits.file_bytes,
        size_limit: limits.deployment_bytes,
        usage_stats: "disabled".to_owned(),
        vcs_enabled: false,
        domain_enabled: false,
        assistant_enabled: false,
        domain_sites: String::new(),
        domain_functions: String::new(),
        force_https: if url.scheme() == "https" { "enabled" } else { "disabled" }.to_owned(),
        nameservers: String::new(),
    })
}

/// Target of a domain's DNS records: a host name or an IP address.
#[derive(Debug, Default, PartialEq, Eq)]
struct Target {
    cname: String,
    a: String,
    aaaa: String,
}

impl Target {
    fn of(url: &Url) -> Self {
        let mut target = Self::default();
        match url.host() {
            Some(Host::Domain(name)) => name.clone_into(&mut target.cname),
            Some(Host::Ipv4(address)) => target.a = address.to_string(),
            Some(Host::Ipv6(address)) => target.aaaa = address.to_string(),
            None => {}
        }
        target
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_points_at_the_name_or_the_address_of_the_server() {
        let of = |text| Target::of(&Url::parse(text).expect("a URL"));
        assert_eq!(of("https://api.example.com").cname, "api.example.com");
        assert_eq!(of("http://192.0.2.1:8080").a, "192.0.2.1");
        assert_eq!(of("http://[2001:db8::1]").aaaa, "2001:db8::1");
        assert!(of("http://192.0.2.1").cname.is_empty());
    }
}
