//! The server's address, parsed from a URL.

use std::str::FromStr;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};

use crate::Error;

/// Default prefix of schema names.
const PREFIX: &str = "ferrite_";

/// Connection settings, and the prefix of schema names.
#[derive(Debug)]
pub(crate) struct Address {
    config: Config,
    prefix: String,
}

impl Address {
    /// Parses a URL; removes the key `schema_prefix`, which PostgreSQL does not know.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (ours, theirs): (Vec<&str>, Vec<&str>) = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .partition(|pair| pair.starts_with("schema_prefix="));
        let prefix = ours
            .last()
            .and_then(|pair| pair.split_once('='))
            .map_or(PREFIX, |(_, prefix)| prefix);
        let plain = prefix
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        // PostgreSQL truncates names to 63 bytes, and the database name takes up to 36.
        if prefix.is_empty() || prefix.len() > 26 || !plain {
            return Err(Error::Settings(
                "schema_prefix is 1 to 26 characters of a-z, 0-9 and _".to_owned(),
            ));
        }
        let mut config = Config::from_str(&format!("{base}?{}", theirs.join("&")))
            .map_err(|error| Error::Settings(format!("the URL of PostgreSQL cannot be read: {error}")))?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(Error::Settings(
                "sslmode=require: TLS to PostgreSQL is not built in; use sslmode=disable and a private network or a tunnel"
                    .to_owned(),
            ));
        }
        config.application_name("ferrite");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        Ok(Self {
            config,
            prefix: prefix.to_owned(),
        })
    }

    /// Connects; fails with [`Error::Unreachable`].
    pub(crate) fn connect(&self) -> Result<Client, Error> {
        self.config.connect(NoTls).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "PostgreSQL cannot be reached");
            Error::Unreachable(error.to_string())
        })
    }

    /// Prefix of schema names.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The schema of a database.
    pub(crate) fn schema(&self, database: &str) -> String {
        format!("{}{database}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_parameter_is_removed_from_the_url() {
        let address = Address::parse("postgres://u@h/d?sslmode=disable&schema_prefix=t1_").unwrap();
        assert_eq!(
            (address.schema("App"), address.config.get_ssl_mode()),
            ("t1_App".to_owned(), SslMode::Disable)
        );
        assert_eq!(Address::parse("postgres://u@h/d").unwrap().prefix(), "ferrite_");
        for bad in [
            "postgres://u@h/d?sslmode=require",
            "postgres://u@h/d?schema_prefix=A\"",
            "nonsense",
        ] {
            assert!(matches!(Address::parse(bad), Err(Error::Settings(_))), "{bad}");
        }
    }
}
