//! The server: commands, settings, and the wiring of all other crates. Only this crate reads the environment.

mod background;
mod caches;
mod descriptors;
pub mod doctor;
pub mod http;
mod log_trimmer;
pub mod logs;
pub mod maintenance;
mod pages;
mod secret;
pub mod serve;
pub mod services;
pub mod settings;
pub mod transfer;

pub use serve::{Running, StartError, start, start_with};
pub use settings::{BadSetting, Flags, Settings, Sources};
