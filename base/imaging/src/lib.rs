//! Pictures: read within bounds, scaled and cut, written as PNG; drawings rendered; initials and QR codes drawn.
//!
//! What is read may come from anybody. A picture says how large it is before it is unpacked, and one that is too large never is;
//! a drawing reaches no file and no network, and is weighed before it is rendered. All of it takes long, as these things go:
//! callers run it where it holds up nobody.
//!
//! Not here: where pictures come from, and for how long they are kept.

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

/// Why something is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is in no format that is read here, or breaks the rules of its format.
    #[error("it cannot be read as a picture: {0}")]
    Unreadable(String),
    /// It is larger than what is unpacked here.
    #[error("it is {width} pixels wide and {height} high, which is too large")]
    TooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// It is a drawing that would take too long.
    #[error("it is a drawing of more parts than are drawn")]
    TooHeavy,
    /// It could not be written.
    #[error("it cannot be written: {0}")]
    Unwritable(String),
}
