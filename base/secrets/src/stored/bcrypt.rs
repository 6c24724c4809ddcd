//! Bcrypt: Provos and Mazieres, "A Future-Adaptable Password Scheme" (1999).

use bcrypt::HashParts;

use super::{Flaw, Part};

/// Maximum accepted cost: some seconds of a core.
const MAX_COST: u32 = 16;

/// A parsed bcrypt hash.
#[derive(Debug, Clone)]
pub struct Bcrypt(String);

impl Bcrypt {
    /// Parses `$2a$`, `$2b$` and `$2y$`; fails if the verification would be too expensive. (`$2x$` marks hashes of a
    /// faulty implementation.)
    pub fn new(text: &str) -> Result<Self, Flaw> {
        let is_known = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix));
        let parts = text.parse::<HashParts>().ok().filter(|_| is_known);
        let parts = parts.ok_or(Flaw::of(
            Part::Hash,
            "Value must be a valid bcrypt hash that begins with $2a$, $2b$ or $2y$",
        ))?;
        if !(4..=MAX_COST).contains(&parts.get_cost()) {
            return Err(Flaw::of(
                Part::Hash,
                "Value must be a bcrypt hash of a cost between 4 and 16",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        bcrypt::verify(password, &self.0).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From PHP's manual (`password_verify`, `crypt`) and from crypt_blowfish's own tests (Openwall).
    #[test]
    fn hashes_of_php_and_openwall_are_understood() {
        for (password, hash) in [
            (
                "rasmuslerdorf",
                "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq",
            ),
            ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        ] {
            let stored = Bcrypt::new(hash).expect("a hash");
            assert!(stored.matches(password), "{password}");
            assert!(!stored.matches("another"), "{password}");
        }
    }

    #[test]
    fn invalid_and_expensive_hashes_are_refused() {
        for hash in [
            "$2y$17$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq",
            "$2x$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq",
            "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpO",
            "$2y$07$",
        ] {
            assert!(Bcrypt::new(hash).is_err(), "{hash}");
        }
    }
}
