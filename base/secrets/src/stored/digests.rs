//! Plain digests of a password: MD5 (RFC 1321) and the SHA family (FIPS 180-4, FIPS 202), in hexadecimal.

use md5::Md5 as Md5Digest;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};

use super::{Flaw, Part};

/// A parsed MD5 digest.
#[derive(Debug, Clone)]
pub struct Md5(String);

impl Md5 {
    /// Parses 32 hexadecimal digits; case is ignored.
    pub fn new(hex: &str) -> Result<Self, Flaw> {
        if !is_hex(hex, 16) {
            return Err(Flaw::of(
                Part::Hash,
                "Value must be an MD5 digest: 32 hexadecimal digits",
            ));
        }
        Ok(Self(hex.to_owned()))
    }

    pub(super) fn hex(&self) -> &str {
        &self.0
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        is_same::<Md5Digest>(password, &self.0)
    }
}

kernel::choices! {
    /// Hash function of the SHA family.
    pub enum ShaVersion {
        /// SHA-1.
        Sha1 = "sha1",
        /// SHA-224.
        Sha224 = "sha224",
        /// SHA-256.
        Sha256 = "sha256",
        /// SHA-384.
        Sha384 = "sha384",
        /// SHA-512/224.
        Sha512To224 = "sha512/224",
        /// SHA-512/256.
        Sha512To256 = "sha512/256",
        /// SHA-512.
        Sha512 = "sha512",
        /// SHA3-224.
        Sha3To224 = "sha3-224",
        /// SHA3-256.
        Sha3To256 = "sha3-256",
        /// SHA3-384.
        Sha3To384 = "sha3-384",
        /// SHA3-512.
        Sha3To512 = "sha3-512",
    }
}

impl ShaVersion {
    /// Length of its digests, in bytes.
    const fn len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha512To224 | Self::Sha3To224 => 28,
            Self::Sha256 | Self::Sha512To256 | Self::Sha3To256 => 32,
            Self::Sha384 | Self::Sha3To384 => 48,
            Self::Sha512 | Self::Sha3To512 => 64,
        }
    }
}

/// A parsed digest of the SHA family.
#[derive(Debug, Clone)]
pub struct Sha {
    version: ShaVersion,
    hex: String,
}

impl Sha {
    /// Parses the digest in hexadecimal; case is ignored.
    pub fn new(version: ShaVersion, hex: &str) -> Result<Self, Flaw> {
        if !is_hex(hex, version.len()) {
            let rule = format!(
                "Value must be a digest of {version}: {} hexadecimal digits",
                version.len() * 2
            );
            return Err(Flaw {
                part: Part::Hash,
                rule: rule.into(),
            });
        }
        Ok(Self {
            version,
            hex: hex.to_owned(),
        })
    }

    /// The hash function.
    pub fn version(&self) -> ShaVersion {
        self.version
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let (version, hex) = text.split_once('$')?;
        Self::new(ShaVersion::parse(version)?, hex).ok()
    }

    pub(super) fn encode(&self) -> String {
        format!("{}${}", self.version, self.hex)
    }

    pub(super) fn hex(&self) -> &str {
        &self.hex
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        let compare = match self.version {
            ShaVersion::Sha1 => is_same::<Sha1>,
            ShaVersion::Sha224 => is_same::<Sha224>,
            ShaVersion::Sha256 => is_same::<Sha256>,
            ShaVersion::Sha384 => is_same::<Sha384>,
            ShaVersion::Sha512To224 => is_same::<Sha512_224>,
            ShaVersion::Sha512To256 => is_same::<Sha512_256>,
            ShaVersion::Sha512 => is_same::<Sha512>,
            ShaVersion::Sha3To224 => is_same::<Sha3_224>,
            ShaVersion::Sha3To256 => is_same::<Sha3_256>,
            ShaVersion::Sha3To384 => is_same::<Sha3_384>,
            ShaVersion::Sha3To512 => is_same::<Sha3_512>,
        };
        compare(password, &self.hex)
    }
}

/// Whether a text is `bytes` bytes in hexadecimal.
pub(super) fn is_hex(text: &str, bytes: usize) -> bool {
    text.len() == bytes * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_same<D: Digest>(password: &str, hex: &str) -> bool {
    let digest = D::digest(password.as_bytes());
    crate::same(&::hex::encode(&digest[..]), &hex.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_is_that_of_the_rfc() {
        let stored = Md5::new("F96B697D7CB7938D525A2F31AAF161D0").expect("a digest");
        assert!(stored.matches("message digest"));
        assert!(!stored.matches("message digesu"));
        assert!(Md5::new("f96b697d7cb7938d525a2f31aaf161d").is_err());
        assert!(Md5::new("g96b697d7cb7938d525a2f31aaf161d0").is_err());
    }

    /// The examples of NIST's "Secure Hash Standard" for a message of 448 bits.
    #[test]
    fn each_of_the_family_is_that_of_the_standard() {
        const MESSAGE: &str = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        for (version, hex) in [
            ("sha1", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
            ("sha224", "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"),
            (
                "sha256",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (
                "sha384",
                "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6b0455a8520bc4e6f5fe95b1fe3c8452b",
            ),
            (
                "sha512",
                "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c33596fd15c13b1b07f9aa1d3bea57789ca0\
                 31ad85c7a71dd70354ec631238ca3445",
            ),
            ("sha512/224", "e5302d6d54bb242275d1e7622d68df6eb02dedd13f564c13dbda2174"),
            (
                "sha512/256",
                "bde8e1f9f19bb9fd3406c90ec6bc47bd36d8ada9f11880dbc8a22a7078b6a461",
            ),
            ("sha3-224", "8a24108b154ada21c9fd5574494479ba5c7e7ab76ef264ead0fcce33"),
            (
                "sha3-256",
                "41c0dba2a9d6240849100376a8235e2c82e1b9998a999e21db32dd97496d3376",
            ),
            (
                "sha3-384",
                "991c665755eb3a4b6bbdfb75c78a492e8c56a22c5c4d7e429bfdbc32b9d4ad5aa04a1f076e62fea19eef51acd0657c22",
            ),
            (
                "sha3-512",
                "04a371e84ecfb5b8b77cb48610fca8182dd457ce6f326a0fd3d7ec2f1e91636dee691fbe0c985302ba1b0d8dc78c0863\
                 46b533b49c030d99a27daf1139d6e75e",
            ),
        ] {
            let kind = ShaVersion::parse(version).expect("one of the family");
            for hex in [hex.to_owned(), hex.to_uppercase()] {
                assert!(Sha::new(kind, &hex).expect("a digest").matches(MESSAGE), "{version}");
            }
            assert!(!Sha::new(kind, hex).expect("a digest").matches("another"), "{version}");
            assert!(Sha::new(kind, &hex[1..]).is_err(), "{version}");
        }
    }
}
