//! Import of users from other systems with their password hashes. At the first login the password is rehashed with the
//! server's own algorithm.

use api::{Call, Created, Refusal, Result};
use identity::users::{self, NewUser};
use identity::{EmailError, UserId, identities};
use kernel::id::CustomId;
use kernel::param::{Int, Text};
use kernel::{AnyCase, Email};
use secrets::Stored;
use secrets::stored::{
    Argon2Hash, Bcrypt, Flaw, Md5, Part, Phpass, Scrypt, ScryptModified, ScryptParams, Sha, ShaVersion,
};

use crate::users::emit_and_view;

type Hash = Text<256, 8>;
type Count = Int<1, 2_147_483_647>;

kernel::params! {
    /// Parameters of a new user with a password hash that needs no further parameters.
    pub(crate) struct CreateHashedUser {
        /// User ID; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// Password hash.
        password: Hash = "password",
        /// User name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

kernel::params! {
    /// Parameters of a new user with an SHA digest of the password.
    pub(crate) struct CreateShaUser {
        /// User ID; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// Digest of the password, in hexadecimal digits.
        password: Hash = "password",
        /// Variant of SHA; SHA-256 by default.
        version: Option<AnyCase<ShaVersion>> = "passwordVersion",
        /// User name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

kernel::params! {
    /// Parameters of a new user with an scrypt hash of the password (RFC 7914).
    pub(crate) struct CreateScryptUser {
        /// User ID; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// Password hash, in hexadecimal digits.
        password: Hash = "password",
        /// Salt, as plain text.
        salt: Text<128> = "passwordSalt",
        /// CPU and memory cost N, a power of two.
        cpu: Count = "passwordCpu",
        /// Block size r.
        memory: Count = "passwordMemory",
        /// Parallelization p.
        parallel: Count = "passwordParallel",
        /// Length of the hash, in bytes.
        length: Count = "passwordLength",
        /// User name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

kernel::params! {
    /// Parameters of a new user with a hash of Firebase's modified scrypt.
    pub(crate) struct CreateScryptModifiedUser {
        /// User ID; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// Password hash, in base64.
        password: Hash = "password",
        /// Salt, in base64.
        salt: Text<128> = "passwordSalt",
        /// Separator between salt and password, in base64.
        separator: Text<128> = "passwordSaltSeparator",
        /// Signer key of the Firebase project, in base64.
        signer_key: Text<128> = "passwordSignerKey",
        /// User name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

pub(crate) async fn argon2(call: Call, input: CreateHashedUser) -> Result<Created<views::User>> {
    plain(call, input, |hash| {
        Argon2Hash::new(hash).map(Box::new).map(Stored::Argon2)
    })
    .await
}

pub(crate) async fn bcrypt(call: Call, input: CreateHashedUser) -> Result<Created<views::User>> {
    plain(call, input, |hash| Bcrypt::new(hash).map(Stored::Bcrypt)).await
}

pub(crate) async fn md5(call: Call, input: CreateHashedUser) -> Result<Created<views::User>> {
    plain(call, input, |hash| Md5::new(hash).map(Stored::Md5)).await
}

pub(crate) async fn phpass(call: Call, input: CreateHashedUser) -> Result<Created<views::User>> {
    plain(call, input, |hash| Phpass::new(hash).map(Stored::Phpass)).await
}

pub(crate) async fn sha(call: Call, input: CreateShaUser) -> Result<Created<views::User>> {
    let version = input.version.map_or(ShaVersion::Sha256, |version| version.0);
    let hash = Sha::new(version, &input.password.0).map(Stored::Sha);
    create(call, input.user_id, input.email, input.name.0, hash).await
}

pub(crate) async fn scrypt(call: Call, input: CreateScryptUser) -> Result<Created<views::User>> {
    let number = |given: &Count| u32::try_from(given.0).unwrap_or(u32::MAX);
    let params = ScryptParams {
        cpu: number(&input.cpu),
        memory: number(&input.memory),
        parallel: number(&input.parallel),
    };
    let length = usize::try_from(input.length.0).unwrap_or(usize::MAX);
    let hash = Scrypt::new(params, &input.salt.0, length, &input.password.0).map(Stored::Scrypt);
    create(call, input.user_id, input.email, input.name.0, hash).await
}

pub(crate) async fn scrypt_modified(call: Call, input: CreateScryptModifiedUser) -> Result<Created<views::User>> {
    let CreateScryptModifiedUser {
        password,
        salt,
        separator,
        signer_key,
        ..
    } = &input;
    let hash = ScryptModified::new(&salt.0, &separator.0, &signer_key.0, &password.0);
    let hash = hash.map(Box::new).map(Stored::ScryptModified);
    create(call, input.user_id, input.email, input.name.0, hash).await
}

async fn plain(
    call: Call,
    input: CreateHashedUser,
    read: fn(&str) -> std::result::Result<Stored, Flaw>,
) -> Result<Created<views::User>> {
    let hash = read(&input.password.0);
    create(call, input.user_id, input.email, input.name.0, hash).await
}

/// Creates the user. The project's password rules are not checked, since only the hash is known.
async fn create(
    call: Call,
    id: CustomId<UserId>,
    email: Email,
    name: String,
    hash: std::result::Result<Stored, Flaw>,
) -> Result<Created<views::User>> {
    let password = hash.map_err(refusal)?.text();
    let id = id.or_generate(call.now());
    call.act(move |act| {
        if identities::email_is_anothers(act, &email, None)? {
            return Err(EmailError::Exists.into());
        }
        let new = NewUser {
            name,
            email: Some(email),
            password: Some(password),
            ..NewUser::default()
        };
        let user = users::create(act, id, new)?;
        emit_and_view(act, &user).map(Created)
    })
    .await
}

/// Converts a flaw of a hash to the usual error of an invalid parameter.
fn refusal(flaw: Flaw) -> Refusal {
    let name = match flaw.part {
        Part::Hash => "password",
        Part::Salt => "passwordSalt",
        Part::Separator => "passwordSaltSeparator",
        Part::SignerKey => "passwordSignerKey",
        Part::Cpu => "passwordCpu",
        Part::Memory => "passwordMemory",
        Part::Parallel => "passwordParallel",
        Part::Length => "passwordLength",
    };
    Refusal::Argument(format!("Invalid `{name}` param: {}", flaw.rule))
}
