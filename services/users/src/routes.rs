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

#[rustfmt::skip]
fn users() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/users", users::list).id("users.list").about("The users of the project.").scope(UsersRead),
        // The events of a user's beginning and end are emitted by the acts themselves, whatever the way in and out.
        Endpoint::post("/v1/users", users::create).id("users.create").about("Make a user.").scope(UsersWrite).audit("user.create", "user"),
        Endpoint::get("/v1/users/{userId}", users::get).id("users.get").about("A user.").scope(UsersRead),
        Endpoint::delete("/v1/users/{userId}", users::delete).id("users.delete").about("Delete a user, with everything that is theirs.")
            .scope(UsersWrite).audit("user.delete", "user"),
        Endpoint::get("/v1/users/usage", usage::get).id("users.getUsage").about("How many users there are, and how often they sign in.").scope(UsersRead),
    ]
}

#[rustfmt::skip]
fn imports() -> Vec<Endpoint<()>> {
    let each = vec![
        Endpoint::post("/v1/users/argon2", imports::argon2).id("users.createArgon2User").about("Make a user whose password another program hashed with argon2."),
        Endpoint::post("/v1/users/bcrypt", imports::bcrypt).id("users.createBcryptUser").about("Make a user whose password another program hashed with bcrypt."),
        Endpoint::post("/v1/users/md5", imports::md5).id("users.createMD5User").about("Make a user of whose password the MD5 digest is known."),
        Endpoint::post("/v1/users/phpass", imports::phpass).id("users.createPHPassUser").about("Make a user whose password phpass hashed, as in WordPress."),
        Endpoint::post("/v1/users/scrypt", imports::scrypt).id("users.createScryptUser").about("Make a user whose password another program hashed with scrypt."),
        Endpoint::post("/v1/users/scrypt-modified", imports::scrypt_modified).id("users.createScryptModifiedUser").about("Make a user whose password Firebase hashed."),
        Endpoint::post("/v1/users/sha", imports::sha).id("users.createSHAUser").about("Make a user of whose password a digest of the SHA family is known."),
    ];
    each.into_iter().map(|endpoint| endpoint.scope(UsersWrite).audit("user.create", "user")).collect()
}

#[rustfmt::skip]
fn changes() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::patch("/v1/users/{userId}/name", users::update_name).id("users.updateName").about("Change a user's name.")
            .scope(UsersWrite).emits("users.[userId].update.name").audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/status", access::update_status).id("users.updateStatus").about("Block a user, or let them in again.")
            .scope(UsersWrite).emits("users.[userId].update.status").audit("user.update", "user"),
        Endpoint::put("/v1/users/{userId}/labels", access::update_labels).id("users.updateLabels").about("Replace a user's labels, which permissions can name.")
            .scope(UsersWrite).emits("users.[userId].update.labels").audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/mfa", access::update_mfa).id("users.updateMFA").about("Ask a user for a second factor, or no longer.")
            .scope(UsersWrite).emits("users.[userId].update.mfa").audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/password", passwords::update).id("users.updatePassword").about("Set a user's password, or take it away.")
            .scope(UsersWrite).emits("users.[userId].update.password").audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/email", contacts::update_email).id("users.updateEmail").about("Change a user's e-mail address.")
            .scope(UsersWrite).emits("users.[userId].update.email").audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/phone", contacts::update_phone).id("users.updatePhone").about("Change a user's phone number.")
            .scope(UsersWrite).emits("users.[userId].update.phone").audit("user.update", "user"),
        Endpoint::patch("/v1/users/{userId}/verification", contacts::verify_email).id("users.updateEmailVerification").about("Say whether the address is known to be the user's.")
            .scope(UsersWrite).emits("users.[userId].update.verification").audit("verification.update", "user"),
        Endpoint::patch("/v1/users/{userId}/verification/phone", contacts::verify_phone).id("users.updatePhoneVerification").about("Say whether the number is known to be the user's.")
            .scope(UsersWrite).emits("users.[userId].update.verification").audit("verification.update", "user"),
        Endpoint::get("/v1/users/{userId}/prefs", prefs::get).id("users.getPrefs").about("What the app keeps for a user.").scope(UsersRead),
        Endpoint::patch("/v1/users/{userId}/prefs", prefs::update).id("users.updatePrefs").about("Replace what the app keeps for a user.")
            .scope(UsersWrite).emits("users.[userId].update.prefs"),
    ]
}

#[rustfmt::skip]
fn belongings() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/users/{userId}/sessions", sessions::list).id("users.listSessions").about("A user's sessions.").scope(UsersRead),
        Endpoint::post("/v1/users/{userId}/sessions", sessions::create).id("users.createSession").about("Sign a user in; the answer holds the session's secret.")
            .scope(UsersWrite).emits("users.[userId].sessions.[sessionId].create").audit("session.create", "user"),
        Endpoint::delete("/v1/users/{userId}/sessions", sessions::delete_all).id("users.deleteSessions").about("Sign a user out everywhere.")
            .scope(UsersWrite).emits("users.[userId].sessions.delete").audit("session.delete", "user"),
        Endpoint::delete("/v1/users/{userId}/sessions/{sessionId}", sessions::delete).id("users.deleteSession").about("End a session of a user.")
            .scope(UsersWrite).emits("users.[userId].sessions.[sessionId].delete").audit("session.delete", "user"),
        Endpoint::post("/v1/users/{userId}/tokens", tokens::create).id("users.createToken").about("A one-time secret with which the user's client signs in.")
            .scope(UsersWrite).emits("users.[userId].tokens.[tokenId].create").audit("tokens.create", "user"),
        Endpoint::post("/v1/users/{userId}/jwts", tokens::create_jwt).id("users.createJWT").about("A token that stands for a user for a while.").scope(UsersWrite),
        Endpoint::get("/v1/users/{userId}/memberships", memberships::list).id("users.listMemberships").about("The teams that a user belongs to.").scope(UsersRead),
        Endpoint::get("/v1/users/{userId}/logs", logs::list).id("users.listLogs").about("What was done by a user, or to them.").scope(UsersRead),
        Endpoint::get("/v1/users/identities", identities::list).id("users.listIdentities").about("Links to accounts elsewhere.").scope(UsersRead),
        Endpoint::delete("/v1/users/identities/{identityId}", identities::delete).id("users.deleteIdentity").about("Unlink an account elsewhere.")
            .scope(UsersWrite).emits("users.[userId].identities.[identityId].delete").audit("identity.delete", "identity"),
    ]
}

#[rustfmt::skip]
fn targets() -> Vec<Endpoint<()>> {
    let each = vec![
        Endpoint::get("/v1/users/{userId}/targets", targets::list).id("users.listTargets").about("Where messages reach a user.").scope(TargetsRead),
        Endpoint::post("/v1/users/{userId}/targets", targets::create).id("users.createTarget").about("Add a place where messages reach a user.")
            .scope(TargetsWrite).emits("users.[userId].targets.[targetId].create").audit("target.create", "target"),
        Endpoint::get("/v1/users/{userId}/targets/{targetId}", targets::get).id("users.getTarget").about("A place where messages reach a user.").scope(TargetsRead),
        Endpoint::patch("/v1/users/{userId}/targets/{targetId}", targets::update).id("users.updateTarget").about("Change a place where messages reach a user.")
            .scope(TargetsWrite).emits("users.[userId].targets.[targetId].update").audit("target.update", "target"),
        Endpoint::delete("/v1/users/{userId}/targets/{targetId}", targets::delete).id("users.deleteTarget").about("Remove a place where messages reach a user.")
            .scope(TargetsWrite).emits("users.[userId].targets.[targetId].delete").audit("target.delete", "target"),
    ];
    // A user's own client may change the devices of `account` with the same scopes, and nobody else's.
    each.into_iter().map(Endpoint::for_servers).collect()
}

#[rustfmt::skip]
fn mfa() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/users/{userId}/mfa/factors", factors::list).id("users.listMFAFactors").about("Which second factors a user has.").scope(UsersRead),
        Endpoint::get("/v1/users/{userId}/mfa/recovery-codes", factors::recovery_codes).id("users.getMFARecoveryCodes").about("The recovery codes that a user still has.").scope(UsersRead),
        Endpoint::patch("/v1/users/{userId}/mfa/recovery-codes", factors::create_recovery_codes).id("users.createMFARecoveryCodes").about("Make a user's first recovery codes.")
            .scope(UsersWrite).emits("users.[userId].create.mfa.recovery-codes").audit("user.update", "user"),
        Endpoint::put("/v1/users/{userId}/mfa/recovery-codes", factors::update_recovery_codes).id("users.updateMFARecoveryCodes").about("Make new recovery codes for a user.")
            .scope(UsersWrite).emits("users.[userId].update.mfa.recovery-codes").audit("user.update", "user"),
        Endpoint::delete("/v1/users/{userId}/mfa/authenticators/{type}", factors::delete_authenticator).id("users.deleteMFAAuthenticator").about("Take a user's authenticator app away.")
            .scope(UsersWrite).emits("users.[userId].delete.mfa").audit("user.update", "user"),
    ]
}
