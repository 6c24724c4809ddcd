//! Description of clients for sessions and log entries: system, program and device from the user agent, and country
//! from the IP address.
//!
//! Codes and names are those of Appwrite, which come from Matomo: `CH` for Chrome, `WIN` for Windows, `smartphone`.
//! They help users to recognize their sessions. Since a client can send any user agent, no decision depends on it.

mod agent;
mod cache;
mod codes;
mod countries;
mod rules;

pub use agent::Agent;
pub use countries::{Countries, Error};
