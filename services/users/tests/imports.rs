//! Import of users with password hashes of other programs: each signs in with the old password, which is then rehashed.
//!
//! The hashes are published test vectors from RFCs, standards and the programs themselves.

use testkit::{Actor, Server, Value, json};

async fn shop(server: &Server) -> Actor {
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    server.key(&console, "shop", &["users.read", "users.write"]).await
}

/// Imports a user, checks the reply, signs in twice, and checks that the password was rehashed with Argon2.
async fn assert_imported(kind: &str, hash: Value, password: &str, algorithm: &str, options: Value) {
    let server = Server::start().await;
    let key = shop(&server).await;
    let mut user = hash.clone();
    (user["userId"], user["email"], user["name"]) = ("ada".into(), "Ada@Example.com".into(), "Ada".into());

    let created = key.post(&format!("/v1/users/{kind}"), user.clone()).await;
    let created = created.assert_status(201);
    assert_eq!(
        (created.text("email"), created.text("name")),
        ("ada@example.com", "Ada")
    );
    assert_eq!(
        (created.text("hash"), &created.body["hashOptions"]),
        (algorithm, &options)
    );
    assert_eq!(created.body["password"], hash["password"]);
    assert!(!created.text("passwordUpdate").is_empty());
    key.post(&format!("/v1/users/{kind}"), user)
        .await
        .assert(409, "user_already_exists");

    let wrong = server
        .guest("shop")
        .sign_in("ada@example.com", "not the password")
        .await;
    wrong.assert(401, "user_invalid_credentials");
    for _ in 0..2 {
        let right = server.guest("shop").sign_in("ada@example.com", password).await;
        right.assert_status(201);
        let presented = key.get("/v1/users/ada").await;
        assert!(
            presented.text("password").starts_with("$argon2id$v=19$m=64,t=1,p=1$"),
            "{kind}"
        );
        assert_eq!(presented.text("hash"), "argon2");
    }
}

#[tokio::test]
async fn argon2_of_another_cost() {
    let hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let options = json!({"type": "argon2", "memoryCost": 256, "timeCost": 2, "threads": 1});
    assert_imported("argon2", json!({"password": hash}), "password", "argon2", options).await;
}

#[tokio::test]
async fn argon2_of_another_variant() {
    let hash = "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ";
    let options = json!({"type": "argon2", "memoryCost": 65536, "timeCost": 2, "threads": 1});
    assert_imported("argon2", json!({"password": hash}), "password", "argon2", options).await;
}

#[tokio::test]
async fn bcrypt_of_php() {
    let hash = json!({"password": "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq"});
    assert_imported("bcrypt", hash, "rasmuslerdorf", "bcrypt", json!({"type": "bcrypt"})).await;
}

#[tokio::test]
async fn md5_of_the_rfc_in_capitals() {
    let hash = json!({"password": "F96B697D7CB7938D525A2F31AAF161D0"});
    assert_imported("md5", hash, "message digest", "md5", json!({"type": "md5"})).await;
}

#[tokio::test]
async fn phpass_of_openwall() {
    let hash = json!({"password": "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"});
    assert_imported("phpass", hash, "test12345", "phpass", json!({"type": "phpass"})).await;
}

#[tokio::test]
async fn sha_of_the_standard() {
    const MESSAGE: &str = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    for (version, hash) in [
        (
            Value::Null,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
        (
            json!(""),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
        (json!("SHA1"), "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        (
            json!("sha512/256"),
            "bde8e1f9f19bb9fd3406c90ec6bc47bd36d8ada9f11880dbc8a22a7078b6a461",
        ),
        (
            json!("sha3-224"),
            "8a24108b154ada21c9fd5574494479ba5c7e7ab76ef264ead0fcce33",
        ),
    ] {
        let hash = json!({"password": hash, "passwordVersion": version});
        let version = version
            .as_str()
            .filter(|version| !version.is_empty())
            .unwrap_or("sha256");
        let options = json!({"type": "sha", "version": version.to_lowercase()});
        assert_imported("sha", hash, MESSAGE, "sha", options).await;
    }
}

#[tokio::test]
async fn scrypt_of_the_rfc() {
    let hash = json!({
        "password": "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                     d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
        "passwordSalt": "SodiumChloride",
        "passwordCpu": 16384, "passwordMemory": 8, "passwordParallel": 1, "passwordLength": 64,
    });
    let options = json!({"type": "scrypt", "costCpu": 16384, "costMemory": 8, "costParallel": 1, "length": 64, "salt": "SodiumChloride"});
    assert_imported("scrypt", hash, "pleaseletmein", "scrypt", options).await;
}

const SIGNER_KEY: &str = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";

#[tokio::test]
async fn scrypt_of_firebase() {
    let hash = json!({
        "password": "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
        "passwordSalt": "42xEC+ixf3L2lw==", "passwordSaltSeparator": "Bw==", "passwordSignerKey": SIGNER_KEY,
    });
    let options = json!({
        "type": "scryptMod", "salt": "42xEC+ixf3L2lw==", "saltSeparator": "Bw==", "signerKey": SIGNER_KEY,
    });
    assert_imported("scrypt-modified", hash, "user1password", "scryptMod", options).await;
}

#[tokio::test]
async fn invalid_and_expensive_hashes_are_refused_by_parameter() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let scrypt = |cpu: i64, memory: i64, parallel: i64, length: i64| {
        json!({
            "password": "00".repeat(32), "passwordSalt": "salt", "passwordCpu": cpu, "passwordMemory": memory,
            "passwordParallel": parallel, "passwordLength": length,
        })
    };
    let firebase = |salt: &str, key: &str| json!({"password": "AAAAAAAAAAAA", "passwordSalt": salt, "passwordSaltSeparator": "Bw==", "passwordSignerKey": key});
    let argon2 = |cost: &str| json!({"password": format!("$argon2id$v=19${cost}$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg")});
    for (kind, hash, parameter) in [
        ("argon2", argon2("m=4194304,t=1,p=1"), "password"),
        ("argon2", argon2("m=65536,t=1000,p=1"), "password"),
        ("argon2", json!({"password": "plain text"}), "password"),
        (
            "bcrypt",
            json!({"password": "$2y$17$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq"}),
            "password",
        ),
        ("bcrypt", json!({"password": "$2y$07$short"}), "password"),
        (
            "md5",
            json!({"password": "f96b697d7cb7938d525a2f31aaf161dx"}),
            "password",
        ),
        (
            "phpass",
            json!({"password": "$P$SIQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"}),
            "password",
        ),
        (
            "sha",
            json!({"password": "84983e441c3bd26ebaae4aa1f95129e5e54670f1"}),
            "password",
        ),
        (
            "sha",
            json!({"password": "84983e441c3bd26ebaae4aa1f95129e5e54670f1", "passwordVersion": "sha0"}),
            "passwordVersion",
        ),
        ("scrypt", scrypt(16383, 8, 1, 32), "passwordCpu"),
        ("scrypt", scrypt(1 << 30, 8, 1, 32), "passwordMemory"),
        ("scrypt", scrypt(16384, 8, 1000, 32), "passwordParallel"),
        ("scrypt", scrypt(16384, 8, 1, 4), "passwordLength"),
        ("scrypt", scrypt(16384, 8, 1, 64), "password"),
        ("scrypt", scrypt(0, 8, 1, 32), "passwordCpu"),
        ("scrypt-modified", firebase("%", SIGNER_KEY), "passwordSalt"),
        ("scrypt-modified", firebase("", "Bw=="), "passwordSignerKey"),
        ("scrypt-modified", firebase("", SIGNER_KEY), "password"),
    ] {
        let mut user = hash.clone();
        (user["userId"], user["email"]) = ("eve".into(), "eve@example.com".into());
        let reply = key.post(&format!("/v1/users/{kind}"), user).await;
        reply.assert(400, "general_argument_invalid");
        let named = format!("Invalid `{parameter}` param: ");
        assert!(
            reply.text("message").starts_with(&named),
            "{kind} {hash}: {}",
            reply.body
        );
    }
    assert_eq!(key.get("/v1/users").await.body["total"], 0);
}
