//! Real user agents and their parsed fields.

use user_agents::Agent;

/// `os code/name/version | type/code/name/version | engine/version | device/brand/model`
fn described(user_agent: &str) -> String {
    let a = Agent::parse(user_agent);
    format!(
        "{}/{}/{} | {}/{}/{}/{} | {}/{} | {}/{}/{}",
        a.os_code,
        a.os_name,
        a.os_version,
        a.client_type,
        a.client_code,
        a.client_name,
        a.client_version,
        a.client_engine,
        a.client_engine_version,
        a.device_name,
        a.device_brand,
        a.device_model
    )
}

#[test]
fn desktop_browsers() {
    for (user_agent, expected) in [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "WIN/Windows/10 | browser/CH/Chrome/126.0 | Blink/126.0.0.0 | desktop//",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68",
            "WIN/Windows/10 | browser/PS/Microsoft Edge/126.0 | Blink/126.0.0.0 | desktop//",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "MAC/Mac/10.15 | browser/SF/Safari/17.5 | WebKit/605.1.15 | desktop/Apple/",
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "UBT/Ubuntu/ | browser/FF/Firefox/127.0 | Gecko/127.0 | desktop//",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.6478.126 Safari/537.36",
            "LIN/GNU/Linux/ | browser/HC/Headless Chrome/126.0 | Blink/126.0.6478.126 | desktop//",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 OPR/111.0.0.0",
            "WIN/Windows/10 | browser/OP/Opera/111.0 | Blink/125.0.0.0 | desktop//",
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "COS/Chrome OS/14541.0 | browser/CH/Chrome/126.0 | Blink/126.0.0.0 | desktop//",
        ),
        (
            "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
            "WIN/Windows/7 | browser/IE/Internet Explorer/11.0 | Trident/7.0 | desktop//",
        ),
    ] {
        assert_eq!(described(user_agent), expected, "{user_agent}");
    }
}

#[test]
fn phones_and_tablets() {
    for (user_agent, expected) in [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "IOS/iOS/17.5 | browser/MF/Mobile Safari/17.5 | WebKit/605.1.15 | smartphone/Apple/iPhone",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
            "IPA/iPadOS/16.6 | browser/CI/Chrome Mobile iOS/126.0 | WebKit/605.1.15 | tablet/Apple/iPad",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "AND/Android/14 | browser/CM/Chrome Mobile/126.0 | Blink/126.0.0.0 | smartphone/Samsung/SM-S918B",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "AND/Android/10 | browser/CM/Chrome Mobile/126.0 | Blink/126.0.0.0 | smartphone//",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; Pixel 7 Pro) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "AND/Android/13 | browser/SB/Samsung Browser/25.0 | Blink/121.0.0.0 | smartphone/Google/Pixel 7 Pro",
        ),
        (
            "Mozilla/5.0 (Android 14; Tablet; rv:127.0) Gecko/127.0 Firefox/127.0",
            "AND/Android/14 | browser/FM/Firefox Mobile/127.0 | Gecko/127.0 | tablet//",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "AND/Android/13 | browser/CH/Chrome/126.0 | Blink/126.0.0.0 | tablet/Samsung/SM-X700",
        ),
    ] {
        assert_eq!(described(user_agent), expected, "{user_agent}");
    }
}

#[test]
fn programs() {
    for (user_agent, expected) in [
        (
            "AppwriteNodeJSSDK/20.3.0 (linux; x64)",
            "LIN/GNU/Linux/ | library//AppwriteNodeJSSDK/20.3.0 | / | desktop//",
        ),
        (
            "AppwriteCLI/13.0.0 (Linux; x64)",
            "LIN/GNU/Linux/ | desktop/cli/Appwrite CLI/13.0.0 | / | desktop//",
        ),
        ("curl/8.5.0", "// | library//curl/8.5 | / | //"),
        ("okhttp/4.12.0", "// | library//OkHttp/4.12 | / | //"),
        ("python-requests/2.32.3", "// | library//Python Requests/2.32 | / | //"),
        ("axios/1.7.2", "// | library//Axios/1.7 | / | //"),
        ("node", "// | /// | / | //"),
        ("", "// | /// | / | //"),
    ] {
        assert_eq!(described(user_agent), expected, "{user_agent}");
    }
}

#[test]
fn no_user_agent_is_too_long_or_too_odd() {
    let long = format!("Mozilla/5.0 (X11; Linux x86_64) {}", "é(;/".repeat(1_000_000));
    let begun = std::time::Instant::now();
    let agent = Agent::parse(&long);
    assert_eq!(agent.os_code, "LIN");
    for odd in [
        "\0",
        "((((((((",
        "Mozilla/5.0 (Linux; Android ; ) ",
        "\u{feff}iPad",
        "/",
        "Appwrite/",
        "$1 $2 Build/",
    ] {
        Agent::parse(odd);
    }
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}
