//! Images fetched from remote servers.

mod pictures;
mod remote;
mod screenshots;
