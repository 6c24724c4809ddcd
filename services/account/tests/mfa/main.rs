//! Second factors, from setting them up to being asked for them.

mod challenges;
mod enforcement;
mod recovery;
mod support;
mod totp;
