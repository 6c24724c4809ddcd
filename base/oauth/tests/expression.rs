//! The expression language of provider records.
#![allow(clippy::unwrap_used)]

use oauth::{Condition, Documents, Expr};
use serde_json::json;

fn documents() -> Documents {
    let mut documents = Documents::default();
    documents.add(
        "userinfo",
        json!({"id": 9_007_199_254_740_993_u64, "big": 1e300, "half": 1.5, "name": " Pat ", "empty": "", "none": null, "yes": true, "no": false,
            "one": 1, "text": "true", "a/b": "slash", "m~n": "tilde", "list": ["x", "y"],
            "mail": "b@x.test", "mails": [{"mail": "a@x.test", "main": true, "ok": false, "type": "home"}, {"mail": "b@x.test", "main": false, "ok": true, "type": "work"}]}),
    );
    documents.add("token", json!({"access_token": "42.opaque"}));
    documents.add_form("user", r#"{"name":{"firstName":"Ada","lastName":"L"}}"#);
    documents.add_form("plain", "text");
    documents
}

fn text(expr: &str) -> Option<String> {
    Expr::parse(expr)
        .unwrap_or_else(|rule| panic!("{expr} {rule}"))
        .eval(&documents(), Some("B@x.test"))
}

fn holds(condition: &str) -> bool {
    Condition::parse(condition)
        .unwrap_or_else(|rule| panic!("{condition} {rule}"))
        .eval(&documents(), Some("B@x.test"))
}

#[test]
fn paths_lead_to_texts_and_whole_numbers() {
    for (expr, expected) in [
        ("/id", Some("9007199254740993")),
        ("/name", Some("Pat")),
        ("/a~1b", Some("slash")),
        ("/m~0n", Some("tilde")),
        ("/list/1", Some("y")),
        ("/mails/0/mail", Some("a@x.test")),
        ("/mails/*/mail", Some("a@x.test")),
        ("/mails/*[ok]/mail", Some("b@x.test")),
        ("/mails/*[main && ok]/mail", None),
        ("/mails/*[type == 'work']/mail", Some("b@x.test")),
        ("/mails/*[mail == /mail]/type", Some("work")),
        ("/mails/*[mail == @email && ok]/type", Some("work")),
        ("token:/access_token before '.'", Some("42")),
        ("/name before 'x'", Some("Pat")),
        ("form:user:/name/firstName + ' ' + /name/lastName", Some("Ada L")),
        ("form:plain", Some("text")),
        ("form:plain:/x", None),
        ("userinfo:/name", Some("Pat")),
        ("other:/name", None),
        ("/big", None),
        ("/half", None),
        ("/yes", None),
        ("/none", None),
        ("/empty", None),
        ("/mails", None),
        ("/list/7", None),
        ("/list/x", None),
    ] {
        assert_eq!(text(expr).as_deref(), expected, "{expr}");
    }
}

#[test]
fn missing_values_are_omitted_or_replaced() {
    assert_eq!(text("/first + ' ' + /last"), None);
    assert_eq!(text("/name + ' ' + /last").as_deref(), Some("Pat"));
    assert_eq!(text("/last + ' ' + /name").as_deref(), Some("Pat"));
    assert_eq!(text("/first + ' ' + /last or /empty or /list/0").as_deref(), Some("x"));
    assert_eq!(text("'constant'"), None, "a name that the provider did not say is none");
}

#[test]
fn conditions_are_strict_about_types() {
    for yes in [
        "/yes",
        "/one is 1",
        "/text is 'true'",
        "/no is false",
        "/name is present",
        "/no is present",
        "/none is missing",
        "/gone is missing",
        "/mail is @email",
        "/list includes 'y'",
        "/mails/*[ok]/mail is @email",
        "/no or /yes",
        "/yes and /one is 1 or /no",
        "always",
        "/text is not 'false'",
        "/one is not 2",
    ] {
        assert!(holds(yes), "{yes}");
    }
    for no in [
        "/no",
        "/text",
        "/one",
        "/yes is 1",
        "/one is true",
        "/one is '1'",
        "/empty is present",
        "/none is present",
        "/name is missing",
        "/gone",
        "/mails/0/mail is @email",
        "/list includes @email",
        "/yes and /no",
        "/no and /yes or /no",
        "/gone is not 'x'",
        "/text is not 'true'",
        "/mails/*/mail",
    ] {
        assert!(!holds(no), "{no}");
    }
    let condition = Condition::parse("/mail is @email").unwrap();
    assert!(
        !condition.eval(&documents(), None),
        "without an address nothing vouches for it"
    );
}

#[test]
fn mistakes_are_told() {
    for bad in [
        "",
        "name",
        "/",
        "//a",
        "/a +",
        "/a or",
        "/a 'b'",
        "'open",
        "/a[b]",
        "/*[",
        "/*[a",
        "/*[a ==]",
        "/*[]",
        "x:",
        "x:y",
        "/a before",
        "/a before b",
        &"/a".repeat(600),
    ] {
        assert!(Expr::parse(bad).is_err(), "{bad}");
    }
    for bad in [
        "",
        "/a is",
        "/a is maybe",
        "/a and",
        "/a includes",
        "/a includes 1",
        "/a is not",
        "always sometimes",
        "/a + /b",
    ] {
        assert!(Condition::parse(bad).is_err(), "{bad}");
    }
}
