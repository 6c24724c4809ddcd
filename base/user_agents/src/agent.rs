//! Parsing of user agents.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{cache, codes, rules};

/// Maximum length in bytes; longer user agents are truncated.
const MAX_BYTES: usize = 512;

type Text = Cow<'static, str>;

/// Parsed user agent. Unknown fields are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agent {
    /// `WIN`, `MAC`, `AND`, `IOS`, `LIN`, `UBT`, …
    pub os_code: Text,
    /// `Windows`, `Mac`, `Android`, `iOS`, `GNU/Linux`, …
    pub os_name: Text,
    /// Major and minor: `10`, `17.5`.
    pub os_version: Text,
    /// `browser`, `library`, `desktop` or `mobile app`.
    pub client_type: Text,
    /// `CH`, `FF`, `MF`, …; libraries have none.
    pub client_code: Text,
    /// `Chrome`, `Firefox`, `Mobile Safari`, `curl`, …
    pub client_name: Text,
    /// Major and minor: `126.0`.
    pub client_version: Text,
    /// `Blink`, `Gecko`, `WebKit`, …
    pub client_engine: Text,
    /// Full version: `605.1.15`.
    pub client_engine_version: Text,
    /// `desktop`, `smartphone`, `tablet`, `tv`, `console`, `wearable`.
    pub device_name: Text,
    /// `Apple`, `Samsung`, …
    pub device_brand: Text,
    /// Model name in the user agent: `iPhone`, `SM-S918B`.
    pub device_model: Text,
}

impl Agent {
    /// Parses a user agent, in linear time. The first call compiles the rules, which takes about 50 ms and 9 MiB; later
    /// calls take 10 µs, or less for a cached one. Bytes after the 512th are ignored.
    pub fn parse(user_agent: &str) -> Arc<Self> {
        let user_agent = &user_agent[..user_agent.floor_char_boundary(MAX_BYTES)];
        if user_agent.is_empty() {
            return Arc::default();
        }
        cache::get_or_insert(user_agent, || read(user_agent))
    }
}

fn read(user_agent: &str) -> Agent {
    let mut agent = Agent::default();
    let Some(rules) = rules::compiled() else { return agent };
    if let Some(os) = rules.os.extract(user_agent) {
        system(&mut agent, user_agent, &os);
    }
    client(&mut agent, user_agent, rules.ua.extract(user_agent));
    device(&mut agent, user_agent, rules.dev.extract(user_agent));
    agent
}

fn system(agent: &mut Agent, user_agent: &str, os: &ua_parser::os::ValueRef<'_>) {
    // The rules predate iPadOS and classify it as iOS.
    let ipad = os.os == "iOS" && user_agent.contains("iPad");
    let major = os.major.as_deref().unwrap_or_default();
    let name = if ipad && major.parse().is_ok_and(|major: u32| major >= 13) {
        "iPadOS"
    } else {
        &*os.os
    };
    let Some(known) = codes::SYSTEMS.iter().find(|known| known.rule == name) else {
        return;
    };
    agent.os_code = known.code.into();
    agent.os_name = known.name.into();
    agent.os_version = version(Some(major), os.minor.as_deref());
}

fn client(agent: &mut Agent, user_agent: &str, found: Option<ua_parser::user_agent::ValueRef<'_>>) {
    if let Some((name, version)) = codes::own_client(user_agent) {
        let tool = name == "AppwriteCLI";
        agent.client_type = if tool { "desktop" } else { "library" }.into();
        agent.client_code = if tool { "cli" } else { "" }.into();
        agent.client_name = if tool {
            "Appwrite CLI".into()
        } else {
            name.to_owned().into()
        };
        agent.client_version = version.to_owned().into();
        return;
    }
    let Some(found) = found else { return };
    agent.client_version = version(found.major, found.minor);
    if let Some(known) = codes::BROWSERS.iter().find(|known| known.rule == found.family) {
        agent.client_type = known.kind.into();
        agent.client_code = known.code.into();
        agent.client_name = known.name.into();
        if known.kind == "browser" {
            engine(agent, user_agent);
        }
        return;
    }
    // A program without a code: user agents of browsers begin with `Mozilla`; all others are libraries.
    let browser = user_agent.starts_with("Mozilla/");
    agent.client_type = if browser { "browser" } else { "library" }.into();
    agent.client_name = found.family.into_owned().into();
    if browser {
        engine(agent, user_agent);
    }
}

/// Sets the engine. Blink's user agents also contain WebKit's name, and WebKit's also Gecko's: the newest engine found
/// is used.
fn engine(agent: &mut Agent, user_agent: &str) {
    let apple = matches!(&*agent.os_code, "IOS" | "IPA");
    let engines: [(&str, &str); 7] = [
        ("EdgeHTML", "Edge/"),
        ("Blink", if apple { "\0" } else { "Chrome/" }),
        ("Blink", if apple { "\0" } else { "Chromium/" }),
        ("WebKit", "AppleWebKit/"),
        ("Trident", "Trident/"),
        ("Presto", "Presto/"),
        ("Gecko", "rv:"),
    ];
    for (name, mark) in engines {
        if let Some((_, rest)) = user_agent.split_once(mark) {
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            agent.client_engine = name.into();
            agent.client_engine_version = rest[..end].to_owned().into();
            return;
        }
    }
}

fn device(agent: &mut Agent, user_agent: &str, found: Option<ua_parser::device::ValueRef<'_>>) {
    agent.device_name = device_kind(agent, user_agent).into();
    let Some(found) = found else { return };
    let model = found.model.as_deref().unwrap_or_default().trim();
    // Chrome sends `K` for every Android device, for privacy; the model of a desktop contains no information.
    if agent.device_name != "desktop" && model != "K" {
        agent.device_model = model.to_owned().into();
    }
    agent.device_brand = match found.brand.as_deref().unwrap_or_default() {
        "" | "Generic_Android" => codes::MODELS
            .iter()
            .find(|(start, _)| model.starts_with(start))
            .map_or("", |(_, brand)| brand)
            .into(),
        rule => codes::BRANDS
            .iter()
            .find(|(name, _)| *name == rule)
            .map_or(rule, |(_, brand)| brand)
            .to_owned()
            .into(),
    };
}

fn device_kind(agent: &Agent, user_agent: &str) -> &'static str {
    let says = |word: &str| user_agent.contains(word);
    let tv = ["TV", "Tv", "CrKey", "BRAVIA", "AFT"].into_iter().any(says);
    match &*agent.os_code {
        "ATV" => "tv",
        "AND" | "TIZ" | "WOS" | "LIN" if tv => "tv",
        _ if ["PlayStation", "PLAYSTATION", "Xbox", "Nintendo"].into_iter().any(says) => "console",
        "WIN" | "MAC" | "COS" => "desktop",
        "IPA" => "tablet",
        "IOS" if says("iPad") => "tablet",
        "WAS" | "WER" => "wearable",
        "IOS" | "WPH" | "WMO" | "KOS" | "TIZ" | "SAF" => "smartphone",
        // As Google recommends, browsers send `Mobile` on phones and not on tablets. Firefox sends `Tablet`; apps send
        // neither.
        "AND" if says("Tablet") => "tablet",
        "AND" if says("Mobile") || !says("Mozilla/") => "smartphone",
        "AND" => "tablet",
        "" | "WOS" => "",
        _ => "desktop",
    }
}

fn version(major: Option<&str>, minor: Option<&str>) -> Text {
    match (major.unwrap_or_default(), minor.unwrap_or_default()) {
        ("", _) => "".into(),
        (major, "") => major.to_owned().into(),
        (major, minor) => format!("{major}.{minor}").into(),
    }
}
