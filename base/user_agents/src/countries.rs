//! Lookup of the country of an IP address.

use std::borrow::Cow;
use std::net::IpAddr;
use std::path::Path;

use maxminddb::Reader;
use serde::Deserialize;

/// An error of the country file.
#[derive(Debug, thiserror::Error)]
#[error("the country file {path} cannot be used: {reason}")]
pub struct Error {
    path: String,
    reason: String,
}

/// A table of networks and their countries in MaxMind's format (published by GeoLite2, DB-IP and others), or none.
///
/// The whole file is kept in memory: about 8 MiB for countries. Memory-mapping it would need `unsafe`, and the process
/// would crash if the file were truncated.
#[derive(Default)]
pub struct Countries(Option<Reader<Vec<u8>>>);

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    country: Option<Country<'a>>,
    #[serde(borrow)]
    registered_country: Option<Country<'a>>,
}

#[derive(Deserialize)]
struct Country<'a> {
    iso_code: Option<&'a str>,
    #[serde(borrow)]
    names: Option<Names<'a>>,
}

#[derive(Deserialize)]
struct Names<'a> {
    en: Option<&'a str>,
}

impl Countries {
    /// Reads the file, if configured. It must contain countries; a file of cities does too.
    pub fn open(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else { return Ok(Self(None)) };
        let fail = |reason: String| Error {
            path: path.display().to_string(),
            reason,
        };
        let reader = Reader::open_readfile(path).map_err(|error| fail(error.to_string()))?;
        let kind = &reader.metadata().database_type;
        if !["Country", "City", "Enterprise"]
            .iter()
            .any(|known| kind.contains(known))
        {
            return Err(fail(format!("it holds {kind}, not countries")));
        }
        Ok(Self(Some(reader)))
    }

    /// The country's code in lower case and its English name; `--` and `Unknown` if not found.
    pub fn lookup(&self, address: IpAddr) -> (Cow<'static, str>, Cow<'static, str>) {
        self.find(address)
            .unwrap_or((Cow::Borrowed("--"), Cow::Borrowed("Unknown")))
    }

    fn find(&self, address: IpAddr) -> Option<(Cow<'static, str>, Cow<'static, str>)> {
        let found = self.0.as_ref()?.lookup(address.to_canonical()).ok()?;
        let record = found.decode::<Record<'_>>().ok()??;
        let country = record.country.or(record.registered_country)?;
        let code = country.iso_code?.to_ascii_lowercase();
        let name = country
            .names
            .and_then(|names| names.en)
            .map_or(Cow::Borrowed("Unknown"), |name| name.to_owned().into());
        Some((code.into(), name))
    }
}
