//! Codes of operating systems and programs, as in Appwrite.

/// A system: its name in the rules, and its code and name on the wire.
pub(crate) struct System {
    pub(crate) rule: &'static str,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
}

const fn system(rule: &'static str, code: &'static str, name: &'static str) -> System {
    System { rule, code, name }
}

pub(crate) static SYSTEMS: &[System] = &[
    system("Windows", "WIN", "Windows"),
    system("Mac OS X", "MAC", "Mac"),
    system("Mac OS", "MAC", "Mac"),
    system("iOS", "IOS", "iOS"),
    system("iPadOS", "IPA", "iPadOS"),
    system("Android", "AND", "Android"),
    system("Chromecast Android", "AND", "Android"),
    system("Linux", "LIN", "GNU/Linux"),
    system("Chromecast Linux", "LIN", "GNU/Linux"),
    system("Chromecast Fuchsia", "FUC", "Fuchsia"),
    system("Ubuntu", "UBT", "Ubuntu"),
    system("Kubuntu", "KBT", "Kubuntu"),
    system("Lubuntu", "LBT", "Lubuntu"),
    system("Debian", "DEB", "Debian"),
    system("Linux Mint", "MIN", "Mint"),
    system("Fedora", "FED", "Fedora"),
    system("Red Hat", "RHT", "Red Hat"),
    system("CentOS", "CES", "CentOS"),
    system("Arch Linux", "ARL", "Arch Linux"),
    system("Gentoo", "GNT", "Gentoo"),
    system("SUSE", "SSE", "SUSE"),
    system("openSUSE", "SSE", "SUSE"),
    system("Slackware", "SLW", "Slackware"),
    system("Mandriva", "MDR", "Mandriva"),
    system("Mageia", "MAG", "Mageia"),
    system("PCLinuxOS", "PCL", "PCLinuxOS"),
    system("Chrome OS", "COS", "Chrome OS"),
    system("FreeBSD", "BSD", "FreeBSD"),
    system("OpenBSD", "OBS", "OpenBSD"),
    system("NetBSD", "NBS", "NetBSD"),
    system("Solaris", "SOS", "Solaris"),
    system("ATV OS X", "ATV", "tvOS"),
    system("tvOS", "ATV", "tvOS"),
    system("WatchOS", "WAS", "watchOS"),
    system("Windows Phone", "WPH", "Windows Phone"),
    system("Windows Mobile", "WMO", "Windows Mobile"),
    system("Tizen", "TIZ", "Tizen"),
    system("KaiOS", "KOS", "KaiOS"),
    system("Sailfish", "SAF", "Sailfish OS"),
    system("webOS", "WOS", "webOS"),
    system("Web0S", "WOS", "webOS"),
];

/// A program: its family in the rules, and its type, code and name on the wire.
pub(crate) struct Program {
    pub(crate) rule: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
}

const fn browser(rule: &'static str, code: &'static str, name: &'static str) -> Program {
    Program {
        rule,
        kind: "browser",
        code,
        name,
    }
}

const fn library(rule: &'static str, name: &'static str) -> Program {
    Program {
        rule,
        kind: "library",
        code: "",
        name,
    }
}

const fn app(rule: &'static str, name: &'static str) -> Program {
    Program {
        rule,
        kind: "mobile app",
        code: "",
        name,
    }
}

pub(crate) static BROWSERS: &[Program] = &[
    browser("Chrome", "CH", "Chrome"),
    browser("Chrome Mobile", "CM", "Chrome Mobile"),
    browser("Chrome Mobile iOS", "CI", "Chrome Mobile iOS"),
    browser("Chrome Mobile WebView", "CV", "Chrome Webview"),
    browser("Chromium", "CR", "Chromium"),
    browser("HeadlessChrome", "HC", "Headless Chrome"),
    browser("Firefox", "FF", "Firefox"),
    browser("Firefox Alpha", "FF", "Firefox"),
    browser("Firefox Beta", "FF", "Firefox"),
    browser("Firefox Mobile", "FM", "Firefox Mobile"),
    browser("Firefox iOS", "F1", "Firefox Mobile iOS"),
    browser("Safari", "SF", "Safari"),
    browser("Mobile Safari", "MF", "Mobile Safari"),
    browser("Mobile Safari UI/WKWebView", "MF", "Mobile Safari"),
    browser("Edge", "PS", "Microsoft Edge"),
    browser("Edge Mobile", "PS", "Microsoft Edge"),
    browser("IE", "IE", "Internet Explorer"),
    browser("IE Mobile", "IM", "IE Mobile"),
    browser("Opera", "OP", "Opera"),
    browser("Opera Mobile", "OM", "Opera Mobile"),
    browser("Opera Mini", "OI", "Opera Mini"),
    browser("Opera Neon", "OG", "Opera Neon"),
    browser("Samsung Internet", "SB", "Samsung Browser"),
    browser("Huawei Browser", "HU", "Huawei Browser"),
    browser("MiuiBrowser", "MU", "MIUI Browser"),
    browser("Mint Browser", "MT", "Mint Browser"),
    browser("Amazon Silk", "MS", "Mobile Silk"),
    browser("Android", "AN", "Android Browser"),
    browser("Brave", "BR", "Brave"),
    browser("Vivaldi", "VI", "Vivaldi"),
    browser("Yandex Browser", "YA", "Yandex Browser"),
    browser("UC Browser", "UC", "UC Browser"),
    browser("QQ Browser", "QQ", "QQ Browser"),
    browser("QQ Browser Mobile", "QQ", "QQ Browser"),
    browser("QQ Browser Mini", "Q1", "QQ Browser Mini"),
    browser("Baidu Browser", "BD", "Baidu Browser"),
    browser("Sogou Explorer", "SE", "Sogou Explorer"),
    browser("Maxthon", "MX", "Maxthon"),
    browser("Whale", "WH", "Whale Browser"),
    browser("Coc Coc", "CC", "Coc Coc"),
    browser("Puffin", "PU", "Puffin"),
    browser("DuckDuckGo Mobile", "DD", "DuckDuckGo Privacy Browser"),
    browser("DuckDuckGo", "DD", "DuckDuckGo Privacy Browser"),
    browser("Ecosia iOS", "EC", "Ecosia"),
    browser("Ecosia Android", "EC", "Ecosia"),
    browser("Aloha Browser", "AL", "Aloha Browser"),
    browser("Avast Secure Browser", "AS", "Avast Secure Browser"),
    browser("AVG", "VG", "AVG Secure Browser"),
    browser("Oculus Browser", "OC", "Oculus Browser"),
    browser("Sailfish Browser", "SA", "Sailfish Browser"),
    browser("Tizen Browser", "TZ", "Tizen Browser"),
    browser("Tenta Browser", "TB", "Tenta Browser"),
    browser("Iron", "IR", "Iron"),
    browser("Comodo Dragon", "CD", "Comodo Dragon"),
    browser("Pale Moon", "PM", "Pale Moon"),
    browser("Waterfox", "WF", "Waterfox"),
    browser("Basilisk", "BI", "Basilisk"),
    browser("Konqueror", "KO", "Konqueror"),
    browser("Epiphany", "EP", "GNOME Web"),
    browser("Midori", "MI", "Midori"),
    browser("Dolphin", "DF", "Dolphin"),
    browser("Lynx", "LX", "Lynx"),
    browser("Links", "LI", "Links"),
    browser("ELinks", "EL", "Elinks"),
    app("Facebook", "Facebook"),
    app("Facebook Messenger", "Facebook Messenger"),
    app("Instagram", "Instagram App"),
    app("LINE", "Line"),
    app("Pinterest", "Pinterest"),
    app("Snapchat", "Snapchat"),
    app("Twitter", "Twitter"),
    app("Google", "Google Search App"),
    library("Python Requests", "Python Requests"),
    library("Python aiohttp", "aiohttp"),
    library("okhttp", "OkHttp"),
    library("GuzzleHttp", "Guzzle (PHP HTTP Client)"),
    library("axios", "Axios"),
    library("PostmanRuntime", "Postman Desktop"),
];

/// Brands whose spelling differs in the rules.
pub(crate) static BRANDS: &[(&str, &str)] = &[
    ("XiaoMi", "Xiaomi"),
    ("Oppo", "OPPO"),
    ("Asus", "Asus"),
    ("HMD", "HMD Global"),
];

/// Prefixes of device models whose brand the rules lack.
pub(crate) static MODELS: &[(&str, &str)] = &[
    ("SM-", "Samsung"),
    ("Pixel", "Google"),
    ("Redmi", "Xiaomi"),
    ("POCO", "Xiaomi"),
    ("moto", "Motorola"),
    ("motorola", "Motorola"),
    ("ONEPLUS", "OnePlus"),
    ("OPPO", "OPPO"),
    ("vivo", "Vivo"),
    ("realme", "Realme"),
];

/// Appwrite's tools and server SDKs, for which there are no rules: `AppwriteNodeJSSDK/20.3.0 (linux; x64)`.
pub(crate) fn own_client(user_agent: &str) -> Option<(&str, &str)> {
    let (name, rest) = user_agent.split_once('/')?;
    let known = name == "AppwriteCLI" || (name.starts_with("Appwrite") && name.ends_with("SDK"));
    let version = rest.split([' ', ';', '(']).next().unwrap_or_default();
    known.then_some((name, version))
}
