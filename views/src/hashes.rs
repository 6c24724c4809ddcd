//! Parameters of password hashes.

use std::collections::BTreeMap;

use api::model::{Model, Nested, Shape};
use api::serde::Serialize;
use secrets::Stored;
use serde_json::{Value, json};

macro_rules! plain {
    ($($(#[doc = $doc:literal])* $name:ident as $wire:literal)*) => { $(
        api::model! {
            $(#[doc = $doc])*
            pub struct $name as $wire {
                /// Algorithm name.
                r#type: &'static str = "type",
            }
        }
    )* };
}

plain! {
    /// A bcrypt hash; it contains its parameters.
    AlgoBcrypt as "algoBcrypt"
    /// An MD5 digest; it has no parameters.
    AlgoMd5 as "algoMd5"
    /// A portable phpass hash; it contains its parameters.
    AlgoPhpass as "algoPhpass"
}

api::model! {
    /// A SHA digest, with what an import into another server needs.
    pub struct AlgoSha as "algoSha" {
        /// Algorithm name.
        r#type: &'static str = "type",
        /// Hash function, as in the parameter `passwordVersion` of imports.
        version: &'static str = "version",
    }
}

api::model! {
    /// Parameters of an argon2 hash.
    pub struct AlgoArgon2 as "algoArgon2" {
        /// Algorithm name.
        r#type: &'static str = "type",
        /// Memory, in KiB.
        memory_cost: i64 = "memoryCost",
        /// Passes.
        time_cost: i64 = "timeCost",
        /// Lanes.
        threads: i64 = "threads",
    }
}

api::model! {
    /// Parameters of a scrypt hash.
    pub struct AlgoScrypt as "algoScrypt" {
        /// Algorithm name.
        r#type: &'static str = "type",
        /// N: CPU and memory cost.
        cost_cpu: i64 = "costCpu",
        /// r: block size.
        cost_memory: i64 = "costMemory",
        /// p: parallelization.
        cost_parallel: i64 = "costParallel",
        /// Length of the hash, in bytes.
        length: i64 = "length",
        /// The salt.
        salt: String = "salt",
    }
}

api::model! {
    /// Parameters of a Firebase scrypt hash.
    pub struct AlgoScryptModified as "algoScryptModified" {
        /// Algorithm name.
        r#type: &'static str = "type",
        /// The salt, in base64.
        salt: String = "salt",
        /// Salt separator, in base64.
        salt_separator: String = "saltSeparator",
        /// Signer key, which is encrypted, in base64.
        signer_key: String = "signerKey",
    }
}

/// Parameters of a hash, by algorithm.
#[derive(Debug, Clone, Serialize)]
#[serde(crate = "api::serde", untagged)]
#[expect(missing_docs, reason = "each variant is named as its model")]
pub enum HashOptions {
    Argon2(AlgoArgon2),
    Bcrypt(AlgoBcrypt),
    Md5(AlgoMd5),
    Phpass(AlgoPhpass),
    Scrypt(AlgoScrypt),
    ScryptModified(AlgoScryptModified),
    Sha(AlgoSha),
}

impl HashOptions {
    /// Parameters of a stored hash.
    pub fn of(stored: &Stored) -> Self {
        let r#type = stored.algorithm().as_str();
        match stored {
            Stored::Argon2(hash) => Self::Argon2(AlgoArgon2 {
                r#type,
                memory_cost: hash.params().memory.into(),
                time_cost: hash.params().time.into(),
                threads: hash.params().threads.into(),
            }),
            Stored::Bcrypt(_) => Self::Bcrypt(AlgoBcrypt { r#type }),
            Stored::Md5(_) => Self::Md5(AlgoMd5 { r#type }),
            Stored::Phpass(_) => Self::Phpass(AlgoPhpass { r#type }),
            Stored::Scrypt(hash) => Self::Scrypt(AlgoScrypt {
                r#type,
                cost_cpu: hash.params().cpu.into(),
                cost_memory: hash.params().memory.into(),
                cost_parallel: hash.params().parallel.into(),
                length: i64::try_from(hash.length()).unwrap_or(i64::MAX),
                salt: hash.salt().to_owned(),
            }),
            Stored::ScryptModified(hash) => Self::ScryptModified(AlgoScryptModified {
                r#type,
                salt: hash.salt().to_owned(),
                salt_separator: hash.separator().to_owned(),
                signer_key: hash.signer_key().to_owned(),
            }),
            Stored::Sha(digest) => Self::Sha(AlgoSha {
                r#type,
                version: digest.version().as_str(),
            }),
        }
    }
}

macro_rules! several {
    ($($model:ty),* $(,)?) => {
        impl Shape for HashOptions {
            fn schema() -> Value {
                json!({"oneOf": [$( <$model>::schema() ),*]})
            }
        }

        impl Nested for HashOptions {
            fn define_nested(into: &mut BTreeMap<&'static str, Value>) {
                $( <$model as Model>::define(into); )*
            }
        }
    };
}

several!(
    AlgoArgon2,
    AlgoBcrypt,
    AlgoMd5,
    AlgoPhpass,
    AlgoScrypt,
    AlgoScryptModified,
    AlgoSha
);
