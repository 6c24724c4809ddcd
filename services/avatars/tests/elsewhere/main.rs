//! What is fetched from elsewhere, and how carefully.

mod pictures;
mod remote;
mod screenshots;
