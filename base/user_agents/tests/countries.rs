//! Country lookup, with a file that the test writes in MaxMind's format.

#![allow(clippy::unwrap_used)]

mod mmdb;

use std::net::IpAddr;

use user_agents::Countries;

fn lookup(countries: &Countries, address: &str) -> (String, String) {
    let (code, name) = countries.lookup(address.parse::<IpAddr>().unwrap());
    (code.into_owned(), name.into_owned())
}

fn pair(code: &str, name: &str) -> (String, String) {
    (code.into(), name.into())
}

#[test]
fn an_address_has_the_country_that_the_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("countries.mmdb");
    let networks = [([81], "GB", "United Kingdom"), ([203], "AU", "Australia")];
    std::fs::write(&path, mmdb::file("GeoLite2-Country", &networks)).unwrap();

    let countries = Countries::open(Some(&path)).unwrap();

    assert_eq!(lookup(&countries, "81.2.69.142"), pair("gb", "United Kingdom"));
    assert_eq!(lookup(&countries, "::ffff:203.0.113.9"), pair("au", "Australia"));
    assert_eq!(lookup(&countries, "127.0.0.1"), pair("--", "Unknown"));
    assert_eq!(lookup(&countries, "2001:db8::1"), pair("--", "Unknown"));
}

#[test]
fn without_a_file_every_country_is_unknown() {
    let countries = Countries::open(None).unwrap();
    assert_eq!(lookup(&countries, "81.2.69.142"), pair("--", "Unknown"));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.mmdb");
    for content in [
        b"not a database".to_vec(),
        mmdb::file("GeoLite2-ASN", &[([81], "GB", "x")]),
    ] {
        std::fs::write(&path, content).unwrap();
        let error = Countries::open(Some(&path)).err().unwrap().to_string();
        assert!(error.contains("other.mmdb"), "{error}");
    }
    assert!(Countries::open(Some(&folder.path().join("absent.mmdb"))).is_err());
}
