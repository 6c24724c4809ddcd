//! Decoding of pictures within limits, scaling, cropping and encoding; rendering of SVG drawings; initials and QR
//! codes.
//!
//! Input is untrusted. The size of a picture is checked before it is decoded; a drawing has no access to files or the
//! network, and its cost is estimated before it is rendered. All operations are CPU-bound: callers must not run them on
//! async worker threads.
//!
//! Not here: sources of pictures, and caching.

mod cost;
mod drawing;
mod glyphs;
mod initials;
mod picture;
mod qr;
mod size;
mod weight;

pub use drawing::{Drawing, Fit};
pub use initials::{Colour, Initials};
pub use picture::{Effort, Picture, is_icon};
pub use qr::qr;
pub use size::Size;

/// Errors of decoding, rendering and encoding.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The format is not supported, or the data is invalid.
    #[error("it cannot be read as a picture: {0}")]
    Unreadable(String),
    /// The picture exceeds the limits of size or of bytes when decoded.
    #[error("it is {width} pixels wide and {height} high, which is too large")]
    TooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The drawing would take too long to render.
    #[error("it is a drawing of more parts than are drawn")]
    TooHeavy,
    /// Encoding failed.
    #[error("it cannot be written: {0}")]
    Unwritable(String),
}
