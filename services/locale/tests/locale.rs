//! Locale endpoints in several languages.

#![allow(clippy::unwrap_used)]

#[path = "../../../base/user_agents/tests/mmdb/mod.rs"]
mod mmdb;

use testkit::{Actor, Options, Reply, Server, Value};

/// A guest of a project, on a server with these options.
async fn guest(options: Options) -> (Server, Actor) {
    let server = Server::with(options).await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let guest = server.guest("shop");
    (server, guest)
}

/// The item of a list that has this code.
fn item(reply: &Reply, list: &str, code: &str) -> Value {
    let items = reply.assert_status(200).body[list].as_array().expect("a list");
    assert_eq!(reply.body["total"], items.len());
    let found = items
        .iter()
        .find(|item| item["code"] == code || item["countryCode"] == code);
    found.unwrap_or_else(|| panic!("no {code} in {items:?}")).clone()
}

fn codes(reply: &Reply, list: &str) -> Vec<String> {
    let items = reply.body[list].as_array().expect("a list");
    items
        .iter()
        .map(|item| item["code"].as_str().expect("a code").to_owned())
        .collect()
}

#[tokio::test]
async fn location_is_reported_in_the_request_locale() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("countries.mmdb");
    let networks = [([81], "DE", "Germany"), ([82], "XK", "Kosovo"), ([83], "ZZ", "Nowhere")];
    std::fs::write(&path, mmdb::file("GeoLite2-Country", &networks)).expect("a file");
    let (_server, guest) = guest(Options {
        geo: Some(path),
        trusted_proxies: vec!["127.0.0.0/8", "::1"],
        ..Options::default()
    })
    .await;
    let german = guest.clone().with_header("x-forwarded-for", "81.2.69.142");

    let reply = german.get("/v1/locale").await;
    let result = |reply: &Reply| {
        ["ip", "countryCode", "country", "continentCode", "continent", "currency"]
            .map(|field| reply.text(field).to_owned())
    };
    assert_eq!(result(&reply), ["81.2.69.142", "DE", "Germany", "EU", "Europe", "EUR"]);
    assert_eq!(reply.body["eu"], true);
    let reply = german.with_header("x-appwrite-locale", "fr").get("/v1/locale").await;
    assert_eq!(
        result(&reply),
        ["81.2.69.142", "DE", "Allemagne", "EU", "Europe", "EUR"]
    );

    let reply = guest
        .clone()
        .with_header("x-forwarded-for", "82.0.0.1")
        .get("/v1/locale")
        .await;
    assert_eq!(
        (reply.text("countryCode"), reply.body["eu"].as_bool()),
        ("XK", Some(false))
    );
    for unknown in ["83.0.0.1", "10.0.0.1"] {
        let reply = guest
            .clone()
            .with_header("x-forwarded-for", unknown)
            .get("/v1/locale")
            .await;
        assert_eq!(result(&reply), [unknown, "--", "Unknown", "--", "Unknown", "--"]);
        assert_eq!(reply.body["eu"], false);
    }
}

#[tokio::test]
async fn the_language_is_chosen_by_parameter_then_header_then_by_the_server() {
    let (_server, guest) = guest(Options::default()).await;
    let spanish = guest.clone().with_header("x-appwrite-locale", "es-mx");
    let name = |reply: Reply| {
        item(&reply, "countries", "DE")["name"]
            .as_str()
            .expect("a name")
            .to_owned()
    };

    assert_eq!(name(guest.get("/v1/locale/countries").await), "Germany");
    assert_eq!(name(spanish.get("/v1/locale/countries").await), "Alemania");
    assert_eq!(name(spanish.get("/v1/locale/countries?locale=sv-FI").await), "Tyskland");
    assert_eq!(
        name(spanish.get("/v1/locale/countries?locale=nonsense").await),
        "Alemania"
    );
    let kind_of = guest.clone().with_header("x-appwrite-locale", "it_IT");
    assert_eq!(name(kind_of.get("/v1/locale/countries").await), "Germania");
    let strange = guest.with_header("x-appwrite-locale", "tlh");
    assert_eq!(name(strange.get("/v1/locale/countries").await), "Germany");
}

#[tokio::test]
async fn the_server_has_a_default_locale() {
    let (_server, guest) = guest(Options {
        locale: "ja",
        ..Options::default()
    })
    .await;
    let reply = guest.get("/v1/locale/continents").await;
    assert_eq!(item(&reply, "continents", "EU")["name"], "ヨーロッパ");
}

#[tokio::test]
async fn lists_are_in_the_order_of_names_in_the_language() {
    let (_server, guest) = guest(Options::default()).await;
    let english = codes(&guest.get("/v1/locale/countries").await, "countries");
    assert_eq!(
        (english.len(), &english[..3]),
        (250, &["AF".to_owned(), "AX".to_owned(), "AL".to_owned()][..])
    );
    let swedish = codes(&guest.get("/v1/locale/countries?locale=sv").await, "countries");
    assert_eq!(swedish[247..], ["AX", "AT", "TL"], "Å and Ö come last");
    let continents = codes(&guest.get("/v1/locale/continents?locale=de").await, "continents");
    assert_eq!(continents, ["AF", "AN", "AS", "EU", "NA", "OC", "SA"]);
}

#[tokio::test]
async fn every_list_has_its_fields() {
    let (_server, guest) = guest(Options::default()).await;

    let union = guest.get("/v1/locale/countries/eu").await;
    assert_eq!(union.body["total"], 27);
    assert!(!codes(&union, "countries").contains(&"GB".to_owned()));

    let phones = guest.get("/v1/locale/countries/phones?locale=de").await;
    let phone = item(&phones, "phones", "AG");
    assert_eq!(
        (phone["code"].as_str(), phone["countryName"].as_str()),
        (Some("+1268"), Some("Antigua und Barbuda"))
    );
    assert_eq!(item(&phones, "phones", "US")["code"], "+1");

    let currencies = guest.get("/v1/locale/currencies").await;
    let franc = item(&currencies, "currencies", "CHF");
    assert_eq!(
        (franc["rounding"].as_f64(), franc["decimalDigits"].as_i64()),
        (Some(0.05), Some(2))
    );
    let dollar = item(&currencies, "currencies", "USD");
    assert_eq!(
        [&dollar["symbol"], &dollar["symbolNative"], &dollar["namePlural"]],
        ["$", "$", "US dollars"]
    );
    let yen = guest.get("/v1/locale/currencies?locale=fr").await;
    assert_eq!(item(&yen, "currencies", "JPY")["name"], "yen japonais");

    let languages = guest.get("/v1/locale/languages?locale=fr").await;
    let french = item(&languages, "languages", "fr");
    assert_eq!([&french["name"], &french["nativeName"]], ["French", "Français"]);

    let codes = guest.get("/v1/locale/codes").await;
    assert!(codes.body["total"].as_i64() > Some(130));
    for code in ["en-us", "ar-ae", "pt-br", "zh-tw", "ua", "ji"] {
        item(&codes, "localeCodes", code);
    }
}
