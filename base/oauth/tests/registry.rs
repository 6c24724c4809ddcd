//! The built-in files, and changes by an operator's files.
#![allow(clippy::unwrap_used)]

use oauth::{ClientAuth, LoadError, ProviderKind, Registry, Stored};

fn load(text: &str) -> Result<Registry, LoadError> {
    Registry::merged(&[("mine.toml".into(), text.into())])
}

fn rule(text: &str) -> String {
    load(text).unwrap_err().to_string()
}

#[test]
fn every_built_in_file_is_a_provider_named_like_its_file() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("providers");
    let registry = Registry::builtin();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let id = path.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        // Loaded as a user's file under another id, so that mistakes are reported.
        let renamed = text.replacen(&format!("id = \"{id}\""), "id = \"copy\"", 1);
        Registry::merged(&[(id.into(), renamed)]).unwrap_or_else(|error| panic!("{error}"));
        let provider = registry.get(id).unwrap_or_else(|| panic!("{id} is left out"));
        assert_eq!(provider.id, id);
        assert!(!provider.redirect.is_empty() && !provider.email_rule.is_empty(), "{id}");
        assert_eq!(
            provider.scope_separator.is_empty(),
            provider.scopes.is_empty() && id != "podio",
            "{id}"
        );
        if let Some(twin) = &provider.sandbox_twin {
            assert_eq!(registry.get(twin).unwrap().sandbox_twin.as_deref(), Some(id));
        }
        count += 1;
    }
    assert_eq!(count, registry.iter().count());
    assert!(count >= 50, "{count}");
}

#[test]
fn the_settings_are_in_the_words_of_the_endpoint() {
    let registry = Registry::builtin();
    let apple = &registry.get("apple").unwrap().settings;
    assert_eq!(
        (apple.id_param.as_str(), apple.secret_param.as_deref(), apple.stored),
        ("serviceId", None, Stored::Json)
    );
    assert_eq!(apple.stored_key("p8File"), Some("p8"));
    let oidc = &registry.get("oidc").unwrap().settings;
    assert!(
        oidc.unmet(|name| name != "tokenURL" && name != "wellKnownURL")
            .is_some()
    );
    assert!(oidc.unmet(|name| name != "wellKnownURL").is_none());
    assert_eq!(
        oidc.required[1].to_string(),
        "wellKnownURL, or authorizationURL and tokenURL and userInfoURL"
    );
}

#[test]
fn a_record_with_a_built_in_id_changes_the_keys_that_it_names() {
    let registry = load(
        r#"
        [[provider]]
        id = "github"
        scopes = ["read:user"]
        [provider.settings]
        id_param = "appId"
        required = ["appId", "clientSecret"]
        [[provider.userinfo]]
        role = "emails"
        url = "https://github.example.com/emails"
        [[provider]]
        id = "acme"
        name = "Acme"
        discovery_url = "https://id.acme.test/.well-known/openid-configuration"
        "#,
    )
    .unwrap();
    let github = registry.get("github").unwrap();
    assert_eq!((github.scopes.len(), github.name.as_str()), (1, "GitHub"));
    assert_eq!(github.settings.secret_param.as_deref(), Some("clientSecret"));
    assert_eq!(github.userinfo.len(), 2);
    assert_eq!(
        github.userinfo[0].url.as_ref().unwrap().as_str(),
        "https://api.github.com/user"
    );
    assert_eq!(
        github.userinfo[1].url.as_ref().unwrap().as_str(),
        "https://github.example.com/emails"
    );
    assert!(github.userinfo[1].optional, "keys that are not named stay");
    let acme = registry.get("acme").unwrap();
    assert_eq!(
        (acme.kind, acme.client_auth),
        (ProviderKind::Oidc, ClientAuth::PerDiscovery)
    );
    assert_eq!(
        (acme.uid.to_string().as_str(), acme.settings.id_param.as_str()),
        ("/sub", "clientId")
    );
    assert!(
        Registry::builtin().get("acme").is_none(),
        "the built-in providers stay as they are"
    );
}

#[test]
fn a_file_may_hold_one_provider_at_its_top_and_a_folder_many_files() {
    let folder = tempfile::tempdir().unwrap();
    let one = "id = 'one'\nname = 'One'\nauthorize_url = 'https://a.test/a'\ntoken_url = 'https://a.test/t'\nuid = '/id'\n[[userinfo]]\nurl = 'https://a.test/me'\n";
    std::fs::write(folder.path().join("a.toml"), one).unwrap();
    std::fs::write(folder.path().join("b.toml"), one.replace("one", "two")).unwrap();
    std::fs::write(folder.path().join("notes.txt"), "no provider").unwrap();
    let registry = Registry::load(Some(folder.path())).unwrap();
    assert!(registry.get("one").is_some() && registry.get("two").is_some() && registry.get("google").is_some());
    let registry = Registry::load(Some(&folder.path().join("a.toml"))).unwrap();
    assert!(registry.get("one").is_some() && registry.get("two").is_none());
    assert!(
        Registry::load(Some(&folder.path().join("missing")))
            .unwrap_err()
            .to_string()
            .contains("missing")
    );
    std::fs::write(folder.path().join("c.toml"), one).unwrap();
    let twice = Registry::load(Some(folder.path())).unwrap_err().to_string();
    assert!(
        twice.contains("c.toml") && twice.contains("a.toml") && twice.contains("`one`"),
        "{twice}"
    );
}

#[test]
fn a_mistake_is_told_with_file_provider_key_and_rule() {
    let acme =
        "id = 'acme'\nname = 'Acme'\nauthorize_url = 'https://a.test/a'\ntoken_url = 'https://a.test/t'\nuid = '/id'\n";
    let with = |more: &str| rule(&format!("{acme}{more}"));
    let expect = |text: String, parts: &[&str]| {
        for part in ["mine.toml", "`acme`"].iter().chain(parts) {
            assert!(text.contains(part), "{text} lacks {part}");
        }
    };
    expect(with("colour = 'red'"), &["`colour`", "is no key"]);
    expect(
        with("[settings]\nstored = 'hex'"),
        &["`settings.stored`", "plain-or-json"],
    );
    expect(
        with("[[userinfo]]\nurl = 'https://a.test'\nverb = 'GET'"),
        &["verb", "is no key"],
    );
    expect(with("email = 'mail'"), &["`email`", "expects a path"]);
    expect(with("email = 'emails:/0'"), &["`email`", "names no userinfo call"]);
    expect(
        with("email_verified = '/a is yes'"),
        &["`email_verified`", "expects true"],
    );
    expect(with("client_auth = 'digest'"), &["`client_auth`", "bearer-secret"]);
    expect(with("nonce = 'sometimes'"), &["`nonce`"]);
    expect(with("jwks_url = 'https://{realm}.test'"), &["`jwks_url`", "{realm}"]);
    expect(
        with("[settings]\nrequired = ['key']"),
        &["`settings.required`", "`key`"],
    );
    expect(with("[token_params]\na = '{b'"), &["`token_params.a`", "not closed"]);
    expect(
        with("[callback_params.host]\n[[userinfo]]\nurl = 'https://{host}/me'"),
        &["`userinfo.url`", "`allow`"],
    );
    expect(
        rule("id = 'acme'\nname = 'Acme'\nuid = '/id'"),
        &["`authorize_url`", "discovery_url"],
    );
    expect(rule("id = 'acme'\ndiscovery_url = 'https://a.test'"), &["`name`"]);
    expect(
        rule("id = 'acme'\nname = 'A'\nuid = '/id'\nauthorize_url = 'javascript:alert(1)'"),
        &["https://"],
    );
    assert!(rule("id = 'github'\nscopes = 'user'").contains("`scopes`"));
    assert!(rule("id = 'a b'\nname = 'A'").contains("letters"));
    assert!(rule("id = ").contains("line 1"));
    assert!(rule("name = 'x'").contains("no `id`"));
}

#[test]
fn the_examples_of_the_reference_are_providers() {
    let readme = include_str!("../providers/README.md");
    let mut examples = readme
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(example, _)| example);
    let (short, long) = (examples.next().unwrap(), examples.next().unwrap());
    let acme = load(short).unwrap().get("acme").unwrap().clone();
    assert_eq!((acme.userinfo.len(), acme.nonce), (1, oauth::Nonce::WithOpenid));
    assert!(load(long).unwrap().get("forge").unwrap().userinfo[1].optional);
}
