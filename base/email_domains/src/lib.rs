//! What an e-mail address tells of its owner: whose mail it is, and which address stands behind an alias.
//!
//! Providers are known by name alone, from two lists (`data/`, made by `scripts/make-data`). Nothing is asked of anybody,
//! so an address may still belong to nobody.

mod list;

use kernel::Email;
use list::List;

/// Providers that give an address to everybody.
const FREE: List = List::new(include_str!("../data/free.txt"));
/// Providers of addresses that are thrown away after a mail.
const DISPOSABLE: List = List::new(include_str!("../data/disposable.txt"));

/// The names of Gmail, which takes dots in a local part for nothing.
const GMAIL: [&str; 2] = ["gmail.com", "googlemail.com"];
/// The first word of Yahoo's names, where a hyphen and not a plus sign begins a subaddress.
const YAHOO: [&str; 3] = ["yahoo", "ymail", "rocketmail"];

/// Classification of an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressKind {
    /// The address that mail to it reaches, in its shortest form: without a subaddress (RFC 5233), at Gmail without dots.
    pub canonical: String,
    /// Whether it is written so.
    pub is_canonical: bool,
    /// Whether it has a subaddress, as in `ada+shop@example.com`.
    pub is_aliased: bool,
    /// Whether its provider gives an address to everybody.
    pub is_free: bool,
    /// Whether it is thrown away soon.
    pub is_disposable: bool,
}

impl AddressKind {
    /// Classifies an address.
    pub fn of(email: &Email) -> Self {
        let address = email.as_str();
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let sign = if is_yahoo(domain) { '-' } else { '+' };
        let base = match local.split_once(sign) {
            Some((base, _)) if !base.is_empty() => base,
            _ => local,
        };
        let is_aliased = base.len() < local.len();
        let canonical = if GMAIL.contains(&domain) {
            format!("{}@{}", base.replace('.', ""), GMAIL[0])
        } else {
            format!("{base}@{domain}")
        };
        Self {
            is_canonical: canonical == address,
            canonical,
            is_aliased,
            is_free: FREE.has(domain),
            is_disposable: parents(domain).any(|name| DISPOSABLE.has(name)),
        }
    }

    /// Whether it belongs to an organization, as far as can be told: to no provider for everybody.
    pub fn is_corporate(&self) -> bool {
        !self.is_free && !self.is_disposable
    }
}

fn is_yahoo(domain: &str) -> bool {
    let first = domain.split('.').next().unwrap_or_default();
    YAHOO.contains(&first) && FREE.has(domain)
}

/// A domain and those above it, down to two labels: providers hand out subdomains too.
fn parents(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |name| Some(name.split_once('.')?.1)).filter(|name| name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> AddressKind {
        AddressKind::of(&Email::new(address).expect("an address"))
    }

    #[test]
    fn an_alias_leads_to_the_address_behind_it() {
        for (address, canonical, is_aliased) in [
            ("Ada@Example.com", "ada@example.com", false),
            ("ada+shop@example.com", "ada@example.com", true),
            ("ada+shop+more@example.com", "ada@example.com", true),
            ("a.d.a@example.com", "a.d.a@example.com", false),
            ("a.d.a@gmail.com", "ada@gmail.com", false),
            ("a.da+x.y@googlemail.com", "ada@gmail.com", true),
            ("ada-shop@yahoo.de", "ada@yahoo.de", true),
            ("ada-shop@example.com", "ada-shop@example.com", false),
            // A name that only looks like one of theirs.
            ("ada-shop@yahoo.example.com", "ada-shop@yahoo.example.com", false),
            // What begins with the sign is the whole name.
            ("+ada@example.com", "+ada@example.com", false),
        ] {
            let address_kind = of(address);
            assert_eq!(
                (address_kind.canonical.as_str(), address_kind.is_aliased),
                (canonical, is_aliased),
                "{address}"
            );
        }
    }

    #[test]
    fn providers_are_known_by_name() {
        for (address, is_free, is_disposable) in [
            ("ada@gmail.com", true, false),
            ("ada@web.de", true, false),
            ("ada@mailinator.com", false, true),
            ("ada@in.mailinator.com", false, true),
            ("ada@mailinator.com.example", false, false),
            ("ada@mail.gmail.com", false, false),
            ("ada@example.com", false, false),
            ("ada@bücher.example", false, false),
        ] {
            let address_kind = of(address);
            assert_eq!(
                (address_kind.is_free, address_kind.is_disposable),
                (is_free, is_disposable),
                "{address}"
            );
            assert_eq!(address_kind.is_corporate(), !is_free && !is_disposable);
        }
    }
}
