//! Accounts that somebody else made with a person's address: whoever proves the address is alone in the account, and an
//! account whose owner proved another address is not handed over.

use std::time::Duration;

use testkit::{Actor, PASSWORD, Server, code_of, json, link_of};

use crate::shop;

const ADDRESS: &str = "vic@example.com";
const PHONE: &str = "+15550100";

/// What another person left in an account with the victim's address, which is not verified.
struct Trap {
    squatter: Actor,
    key: Actor,
    token: String,
    jwt: String,
}

async fn trap(server: &Server, owner: &Actor) -> Trap {
    let squatter = server.user("shop", "vic").await;
    let scopes = ["users.read", "users.write", "targets.read", "targets.write"];
    let key = server.key(owner, "shop", &scopes).await;
    let phone = json!({"phone": "+15550199", "password": PASSWORD});
    squatter.patch("/v1/account/phone", phone).await.assert_status(200);
    let totp = squatter.post("/v1/account/mfa/authenticators/totp", json!({})).await;
    let step = secrets::totp::step(server.clock.now());
    let code = secrets::totp::code(totp.assert_status(200).text("secret"), step).expect("a code");
    squatter
        .put("/v1/account/mfa/authenticators/totp", json!({"otp": code}))
        .await
        .assert_status(200);
    squatter
        .patch("/v1/account/mfa", json!({"mfa": true}))
        .await
        .assert_status(200);
    let target = json!({"targetId": "spy", "providerType": "email", "identifier": "spy@example.com"});
    key.post("/v1/users/vic/targets", target).await.assert_status(201);
    let device = json!({"targetId": "phone", "identifier": "device-token"});
    squatter
        .post("/v1/account/targets/push", device)
        .await
        .assert_status(201);
    let token = key.post("/v1/users/vic/tokens", json!({})).await;
    token.assert_status(201);
    let jwt = key.post("/v1/users/vic/jwts", json!({"duration": 3600})).await;
    server.advance(Duration::from_secs(1));
    Trap {
        squatter,
        key,
        token: token.text("secret").to_owned(),
        jwt: jwt.assert_status(201).text("jwt").to_owned(),
    }
}

impl Trap {
    /// Nothing of the squatter opens the account any more, and the victim is signed in to it.
    async fn assert_sprung(&self, server: &Server, victim: &Actor) {
        let account = victim.get("/v1/account").await;
        account.assert_status(200);
        assert_eq!((account.text("$id"), account.text("phone")), ("vic", ""));
        assert_eq!(account.body["emailVerification"], true);
        let targets = self.key.get("/v1/users/vic/targets").await;
        assert_eq!(targets.body["total"], 1, "{}", targets.body);
        assert_eq!(targets.body["targets"][0]["identifier"], ADDRESS);
        self.squatter
            .get("/v1/account")
            .await
            .assert(401, "general_unauthorized_scope");
        server
            .guest("shop")
            .sign_in(ADDRESS, PASSWORD)
            .await
            .assert(401, "user_invalid_credentials");
        let by_jwt = server.guest("shop").with_header("x-appwrite-jwt", &self.jwt);
        assert_eq!(by_jwt.get("/v1/account").await.status, 401);
        let token = json!({"userId": "vic", "secret": self.token});
        server
            .guest("shop")
            .post("/v1/account/sessions/token", token)
            .await
            .assert(401, "user_invalid_token");
        let factors = victim.get("/v1/account/mfa/factors").await;
        assert_eq!(factors.body["totp"], false);
    }
}

#[tokio::test]
async fn a_code_sent_by_mail_takes_an_unverified_account_from_who_made_it() {
    let (server, owner) = shop().await;
    let trap = trap(&server, &owner).await;
    let mut victim = server.guest("shop");
    let wish = json!({"userId": "unique()", "email": ADDRESS});
    let token = victim.post("/v1/account/tokens/email", wish).await;
    let code = code_of(&server.mail_to(ADDRESS).await.text);

    let proof = json!({"userId": token.text("userId"), "secret": code});
    let session = victim.post("/v1/account/sessions/token", proof).await;

    victim.store_cookies(session.assert_status(201));
    trap.assert_sprung(&server, &victim).await;
}

#[tokio::test]
async fn a_magic_link_takes_an_unverified_account_from_who_made_it() {
    let (server, owner) = shop().await;
    let trap = trap(&server, &owner).await;
    for path in ["/v1/account/sessions/token", "/v1/account/sessions/magic-url"] {
        let mut victim = server.guest("shop");
        let wish = json!({"userId": "unique()", "email": ADDRESS, "url": "https://app.example/in"});
        victim
            .post("/v1/account/tokens/magic-url", wish)
            .await
            .assert_status(201);
        let link = link_of(&server.mail_to(ADDRESS).await);
        let proof = json!({"userId": link["userId"], "secret": link["secret"]});
        let session = if path.ends_with("token") {
            victim.post(path, proof).await
        } else {
            victim.put(path, proof).await
        };
        victim.store_cookies(session.assert_status(201));
        trap.assert_sprung(&server, &victim).await;
        server.empty_inbox();
    }
}

#[tokio::test]
async fn a_recovery_takes_an_unverified_account_from_who_made_it() {
    let (server, owner) = shop().await;
    let trap = trap(&server, &owner).await;
    let mut victim = server.guest("shop");
    let wish = json!({"email": ADDRESS, "url": "https://app.example/new-password"});
    victim.post("/v1/account/recovery", wish).await.assert_status(201);
    let link = link_of(&server.mail_to(ADDRESS).await);

    let proof = json!({"userId": link["userId"], "secret": link["secret"], "password": "a brand new one"});
    victim.put("/v1/account/recovery", proof).await.assert_status(200);

    victim.sign_in(ADDRESS, "a brand new one").await.assert_status(201);
    trap.assert_sprung(&server, &victim).await;
}

#[tokio::test]
async fn an_accepted_invitation_takes_an_unverified_account_from_who_made_it() {
    let (server, owner) = shop().await;
    let trap = trap(&server, &owner).await;
    let ada = server.user("shop", "ada").await;
    let team = json!({"teamId": "crew", "name": "Crew"});
    ada.post("/v1/teams", team).await.assert_status(201);
    let invitation = json!({"email": ADDRESS, "roles": [], "url": "https://app.example/join"});
    let membership = ada.post("/v1/teams/crew/memberships", invitation).await;
    let link = link_of(&server.mail_to(ADDRESS).await);
    let path = format!(
        "/v1/teams/crew/memberships/{}/status",
        membership.assert_status(201).text("$id")
    );
    let proof = json!({"userId": link["userId"], "secret": link["secret"]});

    let mut victim = server.guest("shop");
    let accepted = victim.patch(&path, proof).await;

    victim.store_cookies(accepted.assert_status(200));
    trap.assert_sprung(&server, &victim).await;
    assert_eq!(victim.get("/v1/teams").await.body["total"], 1);
}

#[tokio::test]
async fn who_accepts_an_invitation_within_a_session_keeps_the_account_as_it_is() {
    let (server, _) = shop().await;
    let vic = server.user("shop", "vic").await;
    let ada = server.user("shop", "ada").await;
    let team = json!({"teamId": "crew", "name": "Crew"});
    ada.post("/v1/teams", team).await.assert_status(201);
    let invitation = json!({"email": ADDRESS, "roles": [], "url": "https://app.example/join"});
    let membership = ada.post("/v1/teams/crew/memberships", invitation).await;
    let link = link_of(&server.mail_to(ADDRESS).await);
    let path = format!("/v1/teams/crew/memberships/{}/status", membership.text("$id"));

    let proof = json!({"userId": "vic", "secret": link["secret"]});
    vic.patch(&path, proof).await.assert_status(200);

    assert_eq!(vic.get("/v1/account").await.body["emailVerification"], true);
    server.guest("shop").sign_in(ADDRESS, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn a_code_sent_by_sms_takes_an_unverified_account_from_who_made_it() {
    let (server, owner) = shop().await;
    let squatter = server.user("shop", "mallory").await;
    let phone = json!({"phone": PHONE, "password": PASSWORD});
    squatter.patch("/v1/account/phone", phone).await.assert_status(200);
    let mut victim = server.guest("shop");
    let wish = json!({"userId": "unique()", "phone": PHONE});
    let token = victim.post("/v1/account/tokens/phone", wish).await;
    let code = code_of(&server.sms_to(PHONE).await);

    let proof = json!({"userId": token.text("userId"), "secret": code});
    let session = victim.post("/v1/account/sessions/token", proof).await;

    victim.store_cookies(session.assert_status(201));
    let account = victim.get("/v1/account").await;
    assert_eq!((account.text("$id"), account.text("email")), ("mallory", ""));
    squatter
        .get("/v1/account")
        .await
        .assert(401, "general_unauthorized_scope");
    server
        .guest("shop")
        .sign_in("mallory@example.com", PASSWORD)
        .await
        .assert(401, "user_invalid_credentials");
    let key = server.key(&owner, "shop", &["users.read", "targets.read"]).await;
    let targets = key.get("/v1/users/mallory/targets").await;
    assert_eq!(targets.body["total"], 1, "{}", targets.body);
    assert_eq!(targets.body["targets"][0]["identifier"], PHONE);
}

/// Signs in by a code sent to a phone.
async fn by_phone(server: &Server, phone: &str) -> Actor {
    let mut guest = server.guest("shop");
    server.empty_inbox();
    let wish = json!({"userId": "unique()", "phone": phone});
    let token = guest.post("/v1/account/tokens/phone", wish).await;
    let code = code_of(&server.sms_to(phone).await);
    let proof = json!({"userId": token.text("userId"), "secret": code});
    let session = guest.post("/v1/account/sessions/token", proof).await;
    guest.store_cookies(session.assert_status(201));
    guest
}

#[tokio::test]
async fn an_account_with_a_proven_number_keeps_its_owner_when_another_person_proves_its_unverified_address() {
    let (server, _) = shop().await;
    let owner = by_phone(&server, PHONE).await;
    let id = owner.get("/v1/account").await.text("$id").to_owned();
    let email = json!({"email": ADDRESS, "password": PASSWORD});
    owner.patch("/v1/account/email", email).await.assert_status(200);
    let mut other = server.guest("shop");
    let wish = json!({"userId": "unique()", "email": ADDRESS});
    let token = other.post("/v1/account/tokens/email", wish).await;
    let code = code_of(&server.mail_to(ADDRESS).await.text);

    let proof = json!({"userId": token.text("userId"), "secret": code});
    let session = other.post("/v1/account/sessions/token", proof).await;

    other.store_cookies(session.assert_status(201));
    let account = other.get("/v1/account").await;
    assert_ne!(account.text("$id"), id);
    assert_eq!((account.text("email"), account.text("phone")), (ADDRESS, ""));
    let kept = owner.get("/v1/account").await;
    assert_eq!((kept.text("email"), kept.text("phone")), ("", PHONE));
    // The number still leads to the same user.
    let again = by_phone(&server, PHONE).await;
    assert_eq!(again.get("/v1/account").await.text("$id"), id);
}

#[tokio::test]
async fn open_invitations_stay_with_the_proven_address() {
    let (server, _) = shop().await;
    // The address of a user who signed up, that of one whose number is proven, and that of one who was invited first.
    server.user("shop", "first").await;
    let second = by_phone(&server, PHONE).await;
    let email = json!({"email": "second@example.com", "password": PASSWORD});
    second.patch("/v1/account/email", email).await.assert_status(200);
    let ada = server.user("shop", "ada").await;
    let team = json!({"teamId": "crew", "name": "Crew"});
    ada.post("/v1/teams", team).await.assert_status(201);
    for name in ["first", "second", "third"] {
        let address = format!("{name}@example.com");
        let invitation = json!({"email": address, "roles": [], "url": "https://app.example/join"});
        let membership = ada.post("/v1/teams/crew/memberships", invitation).await;
        membership.assert_status(201);
        let link = link_of(&server.mail_to(&address).await);
        server.empty_inbox();
        let mut guest = server.guest("shop");
        let wish = json!({"userId": "unique()", "email": address});
        let token = guest.post("/v1/account/tokens/email", wish).await;
        let code = code_of(&server.mail_to(&address).await.text);
        let proof = json!({"userId": token.text("userId"), "secret": code});
        let session = guest.post("/v1/account/sessions/token", proof).await;
        guest.store_cookies(session.assert_status(201));

        let path = format!("/v1/teams/crew/memberships/{}/status", membership.text("$id"));
        let proof = json!({"userId": session.text("userId"), "secret": link["secret"]});
        guest.patch(&path, proof).await.assert_status(200);

        assert_eq!(guest.get("/v1/teams").await.body["total"], 1, "{name}");
    }
}

#[tokio::test]
async fn an_invitation_to_an_unverified_address_of_a_proven_account_is_accepted_by_the_addresss_owner() {
    let (server, _) = shop().await;
    let holder = by_phone(&server, PHONE).await;
    let email = json!({"email": ADDRESS, "password": PASSWORD});
    holder.patch("/v1/account/email", email).await.assert_status(200);
    let ada = server.user("shop", "ada").await;
    let team = json!({"teamId": "crew", "name": "Crew"});
    ada.post("/v1/teams", team).await.assert_status(201);
    let invitation = json!({"email": ADDRESS, "roles": [], "url": "https://app.example/join"});
    let membership = ada.post("/v1/teams/crew/memberships", invitation).await;
    let link = link_of(&server.mail_to(ADDRESS).await);
    let path = format!("/v1/teams/crew/memberships/{}/status", membership.text("$id"));

    let mut guest = server.guest("shop");
    let proof = json!({"userId": link["userId"], "secret": link["secret"]});
    let accepted = guest.patch(&path, proof).await;

    guest.store_cookies(accepted.assert_status(200));
    assert_eq!(guest.get("/v1/account").await.text("email"), ADDRESS);
    assert_eq!(guest.get("/v1/teams").await.body["total"], 1);
    assert_eq!(holder.get("/v1/teams").await.body["total"], 0);
}
