//! The account's table of contents.

use api::{Endpoint, PER_HOUR};
use identity::policy::Method;
use kernel::Scope;

use crate::mfa::{self, authenticators, challenges, recovery_codes};
use crate::oauth2::{callback, native, redirect, refresh, start};
use crate::tokens::{email_otp, exchange, magic_url, phone};
use crate::{State, anonymous, identities, jwts, logs, profile, recovery, sessions, sign_up, targets, verifications};

const BY_IP: &str = "url:{url},ip:{ip}";

/// Every operation.
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    let mut all = account();
    all.extend(sessions());
    all.extend(tokens());
    all.extend(proofs());
    all.extend(oauth2());
    all.extend(mfa());
    all.extend(targets());
    all
}
fn account() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::post("/v1/account", sign_up::create)
            .id("account.create")
            .about("Sign up with e-mail and password.")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, BY_IP)
            .audit("user.create", "user")
            .auth_method(Method::EmailPassword),
        Endpoint::get("/v1/account", profile::get)
            .id("account.get")
            .about("Get the caller's account.")
            .scope(Scope::Account),
        Endpoint::delete("/v1/account", profile::delete)
            .id("account.delete")
            .about("Delete the caller's account and its data.")
            .scope(Scope::Account)
            .audit("user.delete", "user"),
        Endpoint::patch("/v1/account/name", profile::update_name)
            .id("account.updateName")
            .about("Update the name.")
            .scope(Scope::Account)
            .emits("users.[userId].update.name")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/account/password", profile::update_password)
            .id("account.updatePassword")
            .about("Update the password.")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, BY_IP)
            .emits("users.[userId].update.password")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/account/email", profile::update_email)
            .id("account.updateEmail")
            .about("Update the e-mail address.")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, "url:{url},userId:{userId}")
            .emits("users.[userId].update.email")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/account/phone", profile::update_phone)
            .id("account.updatePhone")
            .about("Update the phone number.")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, "url:{url},userId:{userId}")
            .emits("users.[userId].update.phone")
            .audit("user.update", "user"),
        Endpoint::get("/v1/account/prefs", profile::get_prefs)
            .id("account.getPrefs")
            .about("Get the caller's preferences.")
            .scope(Scope::Account),
        Endpoint::patch("/v1/account/prefs", profile::update_prefs)
            .id("account.updatePrefs")
            .about("Replace the caller's preferences.")
            .scope(Scope::Account)
            .emits("users.[userId].update.prefs")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/account/status", profile::block)
            .id("account.updateStatus")
            .about("Block the caller's account.")
            .scope(Scope::Account)
            .emits("users.[userId].update.status")
            .audit("user.update", "user"),
        Endpoint::get("/v1/account/logs", logs::list)
            .id("account.listLogs")
            .about("List the account's log entries.")
            .scope(Scope::Account),
        Endpoint::get("/v1/account/identities", identities::list)
            .id("account.listIdentities")
            .about("List identities.")
            .scope(Scope::Account),
        Endpoint::delete("/v1/account/identities/{identityId}", identities::delete)
            .id("account.deleteIdentity")
            .about("Delete an identity.")
            .scope(Scope::Account)
            .emits("users.[userId].identities.[identityId].delete")
            .audit("identity.delete", "identity"),
        Endpoint::post("/v1/account/jwts", jwts::create)
            .id("account.createJWT")
            .about("Create a JWT for the caller, valid for 15 minutes.")
            .alias("/v1/account/jwt")
            .scope(Scope::Account)
            .limit(100, PER_HOUR, "url:{url},userId:{userId}")
            .auth_method(Method::Jwt),
    ]
}
fn sessions() -> Vec<Endpoint<State>> {
    const CREATED: &str = "users.[userId].sessions.[sessionId].create";
    const DELETED: &str = "users.[userId].sessions.[sessionId].delete";
    vec![
        Endpoint::post("/v1/account/sessions/email", sessions::create)
            .id("account.createEmailPasswordSession")
            .about("Sign in with e-mail and password.")
            .alias("/v1/account/sessions")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, "url:{url},email:{param-email},ip:{ip}")
            .emits(CREATED)
            .audit("session.create", "user")
            .auth_method(Method::EmailPassword)
            .for_guests(),
        Endpoint::post("/v1/account/sessions/anonymous", anonymous::create)
            .id("account.createAnonymousSession")
            .about("Create an anonymous session.")
            .scope(Scope::SessionsWrite)
            .limit(50, PER_HOUR, "ip:{ip}")
            .emits(CREATED)
            .audit("session.create", "user")
            .auth_method(Method::Anonymous)
            .for_guests(),
        Endpoint::post("/v1/account/sessions/token", exchange::create)
            .id("account.createSession")
            .about("Create a session from a one-time token.")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, "ip:{ip},userId:{param-userId}")
            .emits(CREATED)
            .audit("session.create", "user")
            .for_guests(),
        Endpoint::get("/v1/account/sessions", sessions::list)
            .id("account.listSessions")
            .about("List the caller's sessions.")
            .scope(Scope::Account),
        Endpoint::delete("/v1/account/sessions", sessions::delete_all)
            .id("account.deleteSessions")
            .about("Delete all sessions of the caller.")
            .scope(Scope::Account)
            .for_blocked()
            .limit(100, PER_HOUR, BY_IP)
            .emits(DELETED)
            .audit("session.delete", "user"),
        Endpoint::get("/v1/account/sessions/{sessionId}", sessions::get)
            .id("account.getSession")
            .about("Get a session of the caller; `current` is the session of the request.")
            .scope(Scope::Account),
        Endpoint::patch("/v1/account/sessions/{sessionId}", refresh::update)
            .id("account.updateSession")
            .about("Extend a session, and refresh its provider tokens.")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, BY_IP)
            .emits("users.[userId].sessions.[sessionId].update")
            .audit("session.update", "user"),
        Endpoint::delete("/v1/account/sessions/{sessionId}", sessions::delete)
            .id("account.deleteSession")
            .about("Delete a session.")
            .scope(Scope::Account)
            .for_blocked()
            .limit(100, PER_HOUR, BY_IP)
            .emits(DELETED)
            .audit("session.delete", "user")
            .before_mfa(),
    ]
}
fn tokens() -> Vec<Endpoint<State>> {
    const CREATED: &str = "users.[userId].sessions.[sessionId].create";
    const BY_EMAIL: &str = "url:{url},email:{param-email}";
    const BY_USER: &str = "ip:{ip},userId:{param-userId}";
    vec![
        Endpoint::post("/v1/account/tokens/magic-url", magic_url::create)
            .id("account.createMagicURLToken")
            .about("Send a magic URL by e-mail.")
            .alias("/v1/account/sessions/magic-url")
            .scope(Scope::SessionsWrite)
            .limit(60, PER_HOUR, BY_EMAIL)
            .limit(60, PER_HOUR, BY_IP)
            .audit("session.create", "user")
            .auth_method(Method::MagicUrl),
        Endpoint::put("/v1/account/sessions/magic-url", exchange::by_magic_url)
            .id("account.updateMagicURLSession")
            .about("Create a session from the secret of a magic URL.")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, BY_USER)
            .emits(CREATED)
            .audit("session.create", "user")
            .for_guests(),
        Endpoint::post("/v1/account/tokens/email", email_otp::create)
            .id("account.createEmailToken")
            .about("Send a sign-in code by e-mail.")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, BY_EMAIL)
            .limit(10, PER_HOUR, BY_IP)
            .audit("session.create", "user")
            .auth_method(Method::EmailOtp),
        Endpoint::post("/v1/account/tokens/phone", phone::create)
            .id("account.createPhoneToken")
            .about("Send a sign-in code by SMS.")
            .alias("/v1/account/sessions/phone")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, "url:{url},phone:{param-phone}")
            .limit(10, PER_HOUR, BY_IP)
            .audit("session.create", "user")
            .auth_method(Method::Phone),
        Endpoint::put("/v1/account/sessions/phone", exchange::by_phone)
            .id("account.updatePhoneSession")
            .about("Create a session from a code sent by SMS.")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, BY_USER)
            .emits(CREATED)
            .audit("session.create", "user")
            .for_guests(),
    ]
}
fn proofs() -> Vec<Endpoint<State>> {
    const VERIFIES: &str = "users.[userId].verification.[tokenId].create";
    const VERIFIED: &str = "users.[userId].verification.[tokenId].update";
    const BY_USER: &str = "url:{url},userId:{userId}";
    const BY_NAMED_USER: &str = "url:{url},userId:{param-userId},ip:{ip}";
    vec![
        Endpoint::post("/v1/account/recovery", recovery::create)
            .id("account.createRecovery")
            .about("Send a password recovery link.")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, "url:{url},email:{param-email}")
            .limit(10, PER_HOUR, BY_IP)
            .emits("users.[userId].recovery.[tokenId].create")
            .audit("recovery.create", "user"),
        Endpoint::put("/v1/account/recovery", recovery::update)
            .id("account.updateRecovery")
            .about("Set a new password with the secret of a link.")
            .scope(Scope::SessionsWrite)
            .limit(10, PER_HOUR, BY_NAMED_USER)
            .emits("users.[userId].recovery.[tokenId].update")
            .audit("recovery.update", "user"),
        Endpoint::post("/v1/account/verifications/email", verifications::email::create)
            .id("account.createEmailVerification")
            .about("Send an e-mail verification link.")
            .alias("/v1/account/verification")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, BY_USER)
            .emits(VERIFIES)
            .audit("verification.create", "user"),
        Endpoint::put("/v1/account/verifications/email", verifications::email::update)
            .id("account.updateEmailVerification")
            .about("Confirm an e-mail address with the secret of a link.")
            .alias("/v1/account/verification")
            .scope(Scope::Public)
            .limit(10, PER_HOUR, BY_NAMED_USER)
            .emits(VERIFIED)
            .audit("verification.update", "user"),
        Endpoint::post("/v1/account/verifications/phone", verifications::phone::create)
            .id("account.createPhoneVerification")
            .about("Send a phone verification code.")
            .alias("/v1/account/verification/phone")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, BY_USER)
            .limit(10, PER_HOUR, BY_IP)
            .emits(VERIFIES)
            .audit("verification.create", "user")
            .auth_method(Method::Phone),
        Endpoint::put("/v1/account/verifications/phone", verifications::phone::update)
            .id("account.updatePhoneVerification")
            .about("Confirm a phone number with the code of an SMS.")
            .alias("/v1/account/verification/phone")
            .scope(Scope::Public)
            .limit(10, PER_HOUR, "userId:{param-userId}")
            .emits(VERIFIED)
            .audit("verification.update", "user"),
    ]
}
fn oauth2() -> Vec<Endpoint<State>> {
    const CREATED: &str = "users.[userId].sessions.[sessionId].create";
    vec![
        Endpoint::get("/v1/account/sessions/oauth2/{provider}", start::session)
            .id("account.createOAuth2Session")
            .about("Start an OAuth2 sign-in that creates a session.")
            .scope(Scope::SessionsWrite)
            .limit(50, PER_HOUR, "ip:{ip}")
            .navigated(),
        Endpoint::get("/v1/account/tokens/oauth2/{provider}", start::token)
            .id("account.createOAuth2Token")
            .about("Start an OAuth2 sign-in that creates a one-time token.")
            .scope(Scope::SessionsWrite)
            .limit(50, PER_HOUR, "ip:{ip}")
            .navigated(),
        Endpoint::get(
            "/v1/account/sessions/oauth2/callback/{provider}/{projectId}",
            callback::by_get,
        )
        .scope(Scope::Public)
        .navigated(),
        Endpoint::post(
            "/v1/account/sessions/oauth2/callback/{provider}/{projectId}",
            callback::by_post,
        )
        .scope(Scope::Public)
        .navigated()
        .any_origin(),
        Endpoint::get("/v1/account/sessions/oauth2/{provider}/redirect", redirect::finish)
            .scope(Scope::Public)
            .limit(50, PER_HOUR, "ip:{ip}")
            .emits(CREATED)
            .audit("session.create", "user")
            .navigated()
            .before_mfa(),
        Endpoint::post("/v1/account/sessions/id-token", native::create)
            .id("account.createIdTokenSession")
            .about("Sign in with an ID token of Google or Apple that a native app obtained.")
            .scope(Scope::SessionsWrite)
            .limit(50, PER_HOUR, "ip:{ip}")
            .emits(CREATED)
            .audit("session.create", "user"),
    ]
}
fn mfa() -> Vec<Endpoint<State>> {
    const CHANGED: &str = "users.[userId].update.mfa";
    vec![
        Endpoint::patch("/v1/account/mfa", mfa::update)
            .id("account.updateMFA")
            .about("Switch multi-factor authentication on or off for the caller.")
            .scope(Scope::Account)
            .emits(CHANGED)
            .audit("user.update", "user"),
        Endpoint::get("/v1/account/mfa/factors", mfa::list)
            .id("account.listMFAFactors")
            .about("List the caller's second factors.")
            .scope(Scope::Account)
            .before_mfa(),
        Endpoint::post("/v1/account/mfa/authenticators/{type}", authenticators::create)
            .id("account.createMFAAuthenticator")
            .about("Create an authenticator (TOTP) secret.")
            .scope(Scope::Account)
            .emits(CHANGED)
            .audit("user.update", "user"),
        Endpoint::put("/v1/account/mfa/authenticators/{type}", authenticators::update)
            .id("account.updateMFAAuthenticator")
            .about("Verify an authenticator with its first code.")
            .scope(Scope::Account)
            .emits(CHANGED)
            .audit("user.update", "user"),
        Endpoint::delete("/v1/account/mfa/authenticators/{type}", authenticators::delete)
            .id("account.deleteMFAAuthenticator")
            .about("Delete the caller's authenticator.")
            .scope(Scope::Account)
            .emits("users.[userId].delete.mfa")
            .audit("user.update", "user")
            .mfa_protected(),
        Endpoint::get("/v1/account/mfa/recovery-codes", recovery_codes::get)
            .id("account.getMFARecoveryCodes")
            .about("Get the unused recovery codes.")
            .scope(Scope::Account)
            .mfa_protected(),
        Endpoint::post("/v1/account/mfa/recovery-codes", recovery_codes::create)
            .id("account.createMFARecoveryCodes")
            .about("Create the caller's recovery codes.")
            .scope(Scope::Account)
            .emits(CHANGED)
            .audit("user.update", "user"),
        Endpoint::patch("/v1/account/mfa/recovery-codes", recovery_codes::update)
            .id("account.updateMFARecoveryCodes")
            .about("Replace the caller's recovery codes.")
            .scope(Scope::Account)
            .emits(CHANGED)
            .audit("user.update", "user")
            .mfa_protected(),
        Endpoint::post("/v1/account/mfa/challenges", challenges::create)
            .id("account.createMFAChallenge")
            .about("Create an MFA challenge.")
            .alias("/v1/account/mfa/challenge")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, "url:{url},userId:{userId}")
            .emits("users.[userId].challenges.[challengeId].create")
            .audit("challenge.create", "user")
            .before_mfa(),
        Endpoint::put("/v1/account/mfa/challenges", challenges::update)
            .id("account.updateMFAChallenge")
            .about("Complete an MFA challenge.")
            .alias("/v1/account/mfa/challenge")
            .scope(Scope::Account)
            .limit(10, PER_HOUR, "url:{url},challengeId:{param-challengeId}")
            .emits("users.[userId].sessions.[sessionId].create")
            .audit("challenges.update", "user")
            .before_mfa(),
    ]
}
fn targets() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::post("/v1/account/targets/push", targets::create)
            .id("account.createPushTarget")
            .about("Create a push target for the caller's device.")
            .scope(Scope::TargetsWrite)
            .emits("users.[userId].targets.[targetId].create")
            .audit("target.create", "target"),
        Endpoint::put("/v1/account/targets/{targetId}/push", targets::update)
            .id("account.updatePushTarget")
            .about("Update the token of a push target.")
            .scope(Scope::TargetsWrite)
            .emits("users.[userId].targets.[targetId].update")
            .audit("target.update", "target"),
        Endpoint::delete("/v1/account/targets/{targetId}/push", targets::delete)
            .id("account.deletePushTarget")
            .about("Delete a push target.")
            .scope(Scope::TargetsWrite)
            .emits("users.[userId].targets.[targetId].delete")
            .audit("target.delete", "target"),
    ]
}
