//! Second factors: setup and enforcement.

mod challenges;
mod enforcement;
mod recovery;
mod support;
mod totp;
