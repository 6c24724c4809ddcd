//! The table of operations.

use api::Endpoint;
use kernel::Scope::{TargetsRead, TargetsWrite, UsersRead, UsersWrite};

use crate::{
    access, contacts, factors, identities, imports, logs, memberships, passwords, prefs, sessions, targets, tokens,
    usage, users,
};

/// Every operation.
pub(crate) fn routes() -> Vec<Endpoint<()>> {
    let mut all = users();
    all.extend(imports());
    all.extend(changes());
    all.extend(belongings());
    all.extend(targets());
    all.extend(mfa());
    all
}
fn users() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/users", users::list)
            .id("users.list")
            .about("List users.")
            .scope(UsersRead),
        // The events of a user's beginning and end are emitted by the acts themselves, whatever the way in and out.
        Endpoint::post("/v1/users", users::create)
            .id("users.create")
            .about("Create a user.")
            .scope(UsersWrite)
            .audit("user.create", "user"),
        Endpoint::get("/v1/users/{userId}", users::get)
            .id("users.get")
            .about("Get a user.")
            .scope(UsersRead),
        Endpoint::delete("/v1/users/{userId}", users::delete)
            .id("users.delete")
            .about("Delete a user and their data.")
            .scope(UsersWrite)
            .audit("user.delete", "user"),
        Endpoint::get("/v1/users/usage", usage::get)
            .id("users.getUsage")
            .about("Get usage statistics of users and sessions.")
            .scope(UsersRead),
    ]
}
fn imports() -> Vec<Endpoint<()>> {
    let each = vec![
        Endpoint::post("/v1/users/argon2", imports::argon2)
            .id("users.createArgon2User")
            .about("Create a user with an Argon2 password hash."),
        Endpoint::post("/v1/users/bcrypt", imports::bcrypt)
            .id("users.createBcryptUser")
            .about("Create a user with a bcrypt password hash."),
        Endpoint::post("/v1/users/md5", imports::md5)
            .id("users.createMD5User")
            .about("Create a user with an MD5 password hash."),
        Endpoint::post("/v1/users/phpass", imports::phpass)
            .id("users.createPHPassUser")
            .about("Create a user with a phpass password hash, as in WordPress."),
        Endpoint::post("/v1/users/scrypt", imports::scrypt)
            .id("users.createScryptUser")
            .about("Create a user with an scrypt password hash."),
        Endpoint::post("/v1/users/scrypt-modified", imports::scrypt_modified)
            .id("users.createScryptModifiedUser")
            .about("Create a user with a password hash of Firebase's modified scrypt."),
        Endpoint::post("/v1/users/sha", imports::sha)
            .id("users.createSHAUser")
            .about("Create a user with a SHA password hash."),
    ];
    each.into_iter()
        .map(|endpoint| endpoint.scope(UsersWrite).audit("user.create", "user"))
        .collect()
}
fn changes() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::patch("/v1/users/{userId}/name", users::update_name)
            .id("users.updateName")
            .about("Update a user's name.")
            .scope(UsersWrite)
            .emits("users.[userId].update.name")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/status", access::update_status)
            .id("users.updateStatus")
            .about("Block or unblock a user.")
            .scope(UsersWrite)
            .emits("users.[userId].update.status")
            .audit("user.update", "user"),
        Endpoint::put("/v1/users/{userId}/labels", access::update_labels)
            .id("users.updateLabels")
            .about("Replace a user's labels, which permissions can name.")
            .scope(UsersWrite)
            .emits("users.[userId].update.labels")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/mfa", access::update_mfa)
            .id("users.updateMFA")
            .about("Switch multi-factor authentication on or off for a user.")
            .scope(UsersWrite)
            .emits("users.[userId].update.mfa")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/password", passwords::update)
            .id("users.updatePassword")
            .about("Set or remove a user's password.")
            .scope(UsersWrite)
            .emits("users.[userId].update.password")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/email", contacts::update_email)
            .id("users.updateEmail")
            .about("Update a user's e-mail address.")
            .scope(UsersWrite)
            .emits("users.[userId].update.email")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/phone", contacts::update_phone)
            .id("users.updatePhone")
            .about("Update a user's phone number.")
            .scope(UsersWrite)
            .emits("users.[userId].update.phone")
            .audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/verification", contacts::verify_email)
            .id("users.updateEmailVerification")
            .about("Set whether a user's e-mail address is verified.")
            .scope(UsersWrite)
            .emits("users.[userId].update.verification")
            .audit("verification.update", "user"),
        Endpoint::patch("/v1/users/{userId}/verification/phone", contacts::verify_phone)
            .id("users.updatePhoneVerification")
            .about("Set whether a user's phone number is verified.")
            .scope(UsersWrite)
            .emits("users.[userId].update.verification")
            .audit("verification.update", "user"),
        Endpoint::get("/v1/users/{userId}/prefs", prefs::get)
            .id("users.getPrefs")
            .about("Get a user's preferences.")
            .scope(UsersRead),
        Endpoint::patch("/v1/users/{userId}/prefs", prefs::update)
            .id("users.updatePrefs")
            .about("Replace a user's preferences.")
            .scope(UsersWrite)
            .emits("users.[userId].update.prefs"),
    ]
}
fn belongings() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/users/{userId}/sessions", sessions::list)
            .id("users.listSessions")
            .about("List a user's sessions.")
            .scope(UsersRead),
        Endpoint::post("/v1/users/{userId}/sessions", sessions::create)
            .id("users.createSession")
            .about("Create a session for a user; the reply contains its secret.")
            .scope(UsersWrite)
            .emits("users.[userId].sessions.[sessionId].create")
            .audit("session.create", "user"),
        Endpoint::delete("/v1/users/{userId}/sessions", sessions::delete_all)
            .id("users.deleteSessions")
            .about("Delete all sessions of a user.")
            .scope(UsersWrite)
            .emits("users.[userId].sessions.delete")
            .audit("session.delete", "user"),
        Endpoint::delete("/v1/users/{userId}/sessions/{sessionId}", sessions::delete)
            .id("users.deleteSession")
            .about("Delete a session of a user.")
            .scope(UsersWrite)
            .emits("users.[userId].sessions.[sessionId].delete")
            .audit("session.delete", "user"),
        Endpoint::post("/v1/users/{userId}/tokens", tokens::create)
            .id("users.createToken")
            .about("Create a one-time token with which the user's client signs in.")
            .scope(UsersWrite)
            .emits("users.[userId].tokens.[tokenId].create")
            .audit("tokens.create", "user"),
        Endpoint::post("/v1/users/{userId}/jwts", tokens::create_jwt)
            .id("users.createJWT")
            .about("Create a JWT for a user.")
            .scope(UsersWrite),
        Endpoint::get("/v1/users/{userId}/memberships", memberships::list)
            .id("users.listMemberships")
            .about("List a user's memberships.")
            .scope(UsersRead),
        Endpoint::get("/v1/users/{userId}/logs", logs::list)
            .id("users.listLogs")
            .about("List a user's log entries.")
            .scope(UsersRead),
        Endpoint::get("/v1/users/identities", identities::list)
            .id("users.listIdentities")
            .about("List the caller's identities.")
            .scope(UsersRead),
        Endpoint::delete("/v1/users/identities/{identityId}", identities::delete)
            .id("users.deleteIdentity")
            .about("Delete an identity.")
            .scope(UsersWrite)
            .emits("users.[userId].identities.[identityId].delete")
            .audit("identity.delete", "identity"),
    ]
}
fn targets() -> Vec<Endpoint<()>> {
    let each = vec![
        Endpoint::get("/v1/users/{userId}/targets", targets::list)
            .id("users.listTargets")
            .about("List a user's targets.")
            .scope(TargetsRead),
        Endpoint::post("/v1/users/{userId}/targets", targets::create)
            .id("users.createTarget")
            .about("Create a target.")
            .scope(TargetsWrite)
            .emits("users.[userId].targets.[targetId].create")
            .audit("target.create", "target"),
        Endpoint::get("/v1/users/{userId}/targets/{targetId}", targets::get)
            .id("users.getTarget")
            .about("Get a target.")
            .scope(TargetsRead),
        Endpoint::patch("/v1/users/{userId}/targets/{targetId}", targets::update)
            .id("users.updateTarget")
            .about("Update a target.")
            .scope(TargetsWrite)
            .emits("users.[userId].targets.[targetId].update")
            .audit("target.update", "target"),
        Endpoint::delete("/v1/users/{userId}/targets/{targetId}", targets::delete)
            .id("users.deleteTarget")
            .about("Delete a target.")
            .scope(TargetsWrite)
            .emits("users.[userId].targets.[targetId].delete")
            .audit("target.delete", "target"),
    ];
    // A user's own client may change the devices of `account` with the same scopes, and nobody else's.
    each.into_iter().map(Endpoint::for_servers).collect()
}
fn mfa() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/users/{userId}/mfa/factors", factors::list)
            .id("users.listMFAFactors")
            .about("List a user's second factors.")
            .scope(UsersRead),
        Endpoint::get("/v1/users/{userId}/mfa/recovery-codes", factors::recovery_codes)
            .id("users.getMFARecoveryCodes")
            .about("Get a user's unused recovery codes.")
            .scope(UsersRead),
        Endpoint::patch("/v1/users/{userId}/mfa/recovery-codes", factors::create_recovery_codes)
            .id("users.createMFARecoveryCodes")
            .about("Create a user's recovery codes.")
            .scope(UsersWrite)
            .emits("users.[userId].create.mfa.recovery-codes")
            .audit("user.update", "user"),
        Endpoint::put("/v1/users/{userId}/mfa/recovery-codes", factors::update_recovery_codes)
            .id("users.updateMFARecoveryCodes")
            .about("Replace a user's recovery codes.")
            .scope(UsersWrite)
            .emits("users.[userId].update.mfa.recovery-codes")
            .audit("user.update", "user"),
        Endpoint::delete(
            "/v1/users/{userId}/mfa/authenticators/{type}",
            factors::delete_authenticator,
        )
        .id("users.deleteMFAAuthenticator")
        .about("Delete a user's authenticator.")
        .scope(UsersWrite)
        .emits("users.[userId].delete.mfa")
        .audit("user.update", "user"),
    ]
}
