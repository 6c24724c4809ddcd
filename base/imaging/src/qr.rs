//! QR codes.

use image::{DynamicImage, GrayImage, Luma};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::picture::Picture;
use crate::{Error, Size};

/// A text as a QR code, `size` pixels wide and high, with an empty margin of `margin` modules.
pub fn qr(text: &str, size: u32, margin: u32) -> Result<Picture, Error> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|error| Error::Unwritable(error.to_string()))?;
    let modules = u32::try_from(code.size()).unwrap_or_default() + 2 * margin;
    // An integer number of pixels per module, so that edges are sharp; the remainder is added to the margins.
    let each = (size / modules).max(1);
    let whole = modules * each;
    let side = whole.max(size);
    let start = (side - whole) / 2;
    let is_dark = |at: u32| {
        at.checked_sub(start)
            .map(|at| (at / each).cast_signed() - margin.cast_signed())
    };
    let pixel = |x, y| match (is_dark(x), is_dark(y)) {
        (Some(x), Some(y)) if code.get_module(x, y) => Luma([0]),
        _ => Luma([255]),
    };
    let picture = Picture::from(GrayImage::from_fn(side, side, pixel));
    Ok(picture.cover(Size::new(size, size)))
}

impl From<GrayImage> for Picture {
    fn from(pixels: GrayImage) -> Self {
        Self::of(DynamicImage::ImageLuma8(pixels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(picture: &Picture) -> Option<String> {
        let (width, height) = picture.dimensions();
        let pixels = picture.pixels();
        let at = |x: usize, y: usize| pixels[4 * (y * width as usize + x)];
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, at);
        let grids = image.detect_grids();
        grids.first().and_then(|grid| grid.decode().ok()).map(|(_, text)| text)
    }

    #[test]
    fn a_qr_code_contains_its_text() {
        let long = "€".repeat(512);
        for (text, size, margin) in [
            ("https://example.com/?a=1", 400, 1),
            ("x", 21, 0),
            ("Grüße, 世界", 333, 10),
            (long.as_str(), 1000, 4),
        ] {
            let code = qr(text, size, margin).expect("a code");
            assert_eq!(code.dimensions(), (size, size));
            if size > 21 {
                assert_eq!(read(&code).as_deref(), Some(text));
            }
        }
    }

    #[test]
    fn qr_codes_too_small_to_read_are_drawn() {
        assert_eq!(qr(&"a".repeat(512), 1, 10).expect("a code").dimensions(), (1, 1));
        assert_eq!(qr("", 400, 1).expect("a code").dimensions(), (400, 400));
    }
}
