//! Stored hashes: one text each, with algorithm and parameters.
//!
//! New hashes are PHC strings of argon2id. Imported hashes keep their format if it is self-describing (PHC strings,
//! `$2y$…`, `$P$…`); others get a prefix: `$ferrite-sha$sha256$…`.

mod bcrypt;
mod digests;
mod phpass;
mod scrypt;
mod scrypt_modified;

use std::borrow::Cow;

pub use self::bcrypt::Bcrypt;
pub use self::digests::{Md5, Sha, ShaVersion};
pub use self::phpass::Phpass;
pub use self::scrypt::{Scrypt, ScryptParams};
pub use self::scrypt_modified::ScryptModified;
pub use crate::argon::Argon2Hash;

kernel::choices! {
    /// Password hashing algorithm, by the names of the API.
    pub enum Algorithm {
        /// Argon2 in any variant.
        Argon2 = "argon2",
        /// Bcrypt.
        Bcrypt = "bcrypt",
        /// One round of MD5.
        Md5 = "md5",
        /// Portable hashes of phpass: iterated MD5 with salt.
        Phpass = "phpass",
        /// Scrypt.
        Scrypt = "scrypt",
        /// Firebase's scrypt: a key derived by scrypt encrypts a key of the project.
        ScryptModified = "scryptMod",
        /// One round of a SHA hash.
        Sha = "sha",
    }
}

/// Part of an import that is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The hash itself.
    Hash,
    /// The salt.
    Salt,
    /// Firebase's salt separator.
    Separator,
    /// The key that Firebase encrypts.
    SignerKey,
    /// Scrypt's N.
    Cpu,
    /// Scrypt's r.
    Memory,
    /// Scrypt's p.
    Parallel,
    /// Output length of scrypt.
    Length,
}

/// Why an imported hash is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct Flaw {
    /// The invalid part.
    pub part: Part,
    /// The violated rule, as an error message.
    pub rule: Cow<'static, str>,
}

impl Flaw {
    pub(crate) const fn of(part: Part, rule: &'static str) -> Self {
        Self {
            part,
            rule: Cow::Borrowed(rule),
        }
    }
}

/// A parsed stored hash.
#[derive(Debug, Clone)]
pub enum Stored {
    /// Own and imported Argon2 hashes.
    Argon2(Box<Argon2Hash>),
    /// Bcrypt.
    Bcrypt(Bcrypt),
    /// MD5.
    Md5(Md5),
    /// Phpass.
    Phpass(Phpass),
    /// Scrypt.
    Scrypt(Scrypt),
    /// Firebase's modified scrypt.
    ScryptModified(Box<ScryptModified>),
    /// The SHA family.
    Sha(Sha),
}

impl Stored {
    /// Parses a stored text; none if it is not a hash.
    pub fn parse(text: &str) -> Option<Self> {
        let own = |prefix: &str| {
            text.strip_prefix("$ferrite-")
                .and_then(|rest| rest.strip_prefix(prefix))
        };
        if text.starts_with("$argon2") {
            Argon2Hash::read(text).map(Box::new).map(Self::Argon2)
        } else if text.starts_with("$2") {
            Bcrypt::new(text).ok().map(Self::Bcrypt)
        } else if text.starts_with("$P$") || text.starts_with("$H$") {
            Phpass::new(text).ok().map(Self::Phpass)
        } else if let Some(hash) = own("md5$") {
            Md5::new(hash).ok().map(Self::Md5)
        } else if let Some(rest) = own("sha$") {
            Sha::read(rest).map(Self::Sha)
        } else if let Some(rest) = own("scrypt$") {
            Scrypt::read(rest).map(Self::Scrypt)
        } else if let Some(rest) = own("scrypt-modified$") {
            ScryptModified::read(rest).map(Box::new).map(Self::ScryptModified)
        } else {
            None
        }
    }

    /// The text to store.
    pub fn text(&self) -> String {
        match self {
            Self::Argon2(hash) => hash.text().to_owned(),
            Self::Bcrypt(hash) => hash.text().to_owned(),
            Self::Md5(hash) => format!("$ferrite-md5${}", hash.hex()),
            Self::Phpass(hash) => hash.text().to_owned(),
            Self::Scrypt(hash) => format!("$ferrite-scrypt${}", hash.encode()),
            Self::ScryptModified(hash) => format!("$ferrite-scrypt-modified${}", hash.encode()),
            Self::Sha(hash) => format!("$ferrite-sha${}", hash.encode()),
        }
    }

    /// The hash in the format of the program that created it.
    pub fn hash(&self) -> &str {
        match self {
            Self::Argon2(hash) => hash.text(),
            Self::Bcrypt(hash) => hash.text(),
            Self::Md5(hash) => hash.hex(),
            Self::Phpass(hash) => hash.text(),
            Self::Scrypt(hash) => hash.hex(),
            Self::ScryptModified(hash) => hash.hash(),
            Self::Sha(hash) => hash.hex(),
        }
    }

    /// Algorithm of the hash.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Argon2(_) => Algorithm::Argon2,
            Self::Bcrypt(_) => Algorithm::Bcrypt,
            Self::Md5(_) => Algorithm::Md5,
            Self::Phpass(_) => Algorithm::Phpass,
            Self::Scrypt(_) => Algorithm::Scrypt,
            Self::ScryptModified(_) => Algorithm::ScryptModified,
            Self::Sha(_) => Algorithm::Sha,
        }
    }

    /// Whether it matches the password. Takes as long as hashing: see [`crate::Hasher`].
    pub(crate) fn matches(&self, password: &str) -> bool {
        match self {
            Self::Argon2(hash) => hash.matches(password),
            Self::Bcrypt(hash) => hash.matches(password),
            Self::Md5(hash) => hash.matches(password),
            Self::Phpass(hash) => hash.matches(password),
            Self::Scrypt(hash) => hash.matches(password),
            Self::ScryptModified(hash) => hash.matches(password),
            Self::Sha(hash) => hash.matches(password),
        }
    }
}
