//! Raster pictures.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as Filter, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbaImage};

use crate::{Error, Size};

/// Maximum number of pixels to decode: more than cameras produce, about 160 MiB.
const MAX_PIXELS: u64 = 40_000_000;
/// Maximum side length to decode, in pixels.
const MAX_LENGTH: u32 = 30_000;
/// Memory limit of decoding, in bytes, as far as the decoders support it.
const MAX_MEMORY: u64 = 256 << 20;

/// A picture.
#[derive(Clone)]
pub struct Picture(DynamicImage);

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} x {})", self.0.width(), self.0.height())
    }
}

/// Compression effort; the pixels are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Effort {
    /// Fastest.
    Quick,
    /// Default.
    #[default]
    Usual,
    /// Smallest output.
    Thorough,
}

impl Picture {
    pub(crate) fn of(image: DynamicImage) -> Self {
        Self(image)
    }

    pub(crate) fn new(pixels: RgbaImage) -> Self {
        Self(DynamicImage::ImageRgba8(pixels))
    }

    /// Decodes PNG, JPEG, WebP, GIF (first frame), ICO (largest image) or BMP, and applies the EXIF orientation.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|error| Error::Unreadable(error.to_string()))?;
        let mut decoder = reader.into_decoder().map_err(unreadable)?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_LENGTH || width.min(height) == 0
        {
            return Err(Error::TooLarge { width, height });
        }
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_MEMORY);
        decoder.set_limits(limits).map_err(unreadable)?;
        let orientation = decoder
            .orientation()
            .unwrap_or(image::metadata::Orientation::NoTransforms);
        let mut image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
        image.apply_orientation(orientation);
        Ok(Self(image))
    }

    /// Its width and height.
    pub fn dimensions(&self) -> (u32, u32) {
        (self.0.width(), self.0.height())
    }

    /// Its pixels as RGBA, one byte per channel, row by row.
    pub fn pixels(&self) -> Vec<u8> {
        self.0.to_rgba8().into_raw()
    }

    /// Scales the picture to cover a size, and crops it around its centre.
    #[must_use]
    pub fn cover(self, size: Size) -> Self {
        let (width, height) = self.dimensions();
        let (wide, high) = size.applied_to((width.into(), height.into()));
        if (wide, high) == (width, height) {
            return self;
        }
        let Self(image) = self;
        let scale = f64::max(f64::from(wide) / f64::from(width), f64::from(high) / f64::from(height));
        let rescaled = |length: u32, whole: u32| ((f64::from(length) / scale).round() as u32).clamp(1, whole);
        let (across, down) = (rescaled(wide, width), rescaled(high, height));
        let cut = image.crop_imm((width - across) / 2, (height - down) / 2, across, down);
        Self(scaled(cut, wide, high))
    }

    /// Encodes as PNG.
    pub fn png(&self, effort: Effort) -> Result<Vec<u8>, Error> {
        let compression = match effort {
            Effort::Quick => CompressionType::Fast,
            Effort::Usual => CompressionType::Default,
            Effort::Thorough => CompressionType::Best,
        };
        // More than eight bits per channel are reduced to eight, which is what browsers display.
        let image = match self.0.color().has_alpha() {
            true => DynamicImage::ImageRgba8(self.0.to_rgba8()),
            false if !self.0.color().has_color() => DynamicImage::ImageLuma8(self.0.to_luma8()),
            false => DynamicImage::ImageRgb8(self.0.to_rgb8()),
        };
        let mut png = Vec::new();
        PngEncoder::new_with_quality(&mut png, compression, Filter::Adaptive)
            .write_image(image.as_bytes(), image.width(), image.height(), image.color().into())
            .map_err(|error| Error::Unwritable(error.to_string()))?;
        Ok(png)
    }

    /// Encodes as JPEG on a white background; quality 0 to 100.
    pub fn jpeg(&self, quality: u8) -> Result<Vec<u8>, Error> {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, quality.clamp(1, 100))
            .encode_image(&self.on_white())
            .map_err(|error| Error::Unwritable(error.to_string()))?;
        Ok(jpeg)
    }

    /// Encodes as lossless WebP.
    pub fn webp(&self) -> Result<Vec<u8>, Error> {
        let mut webp = Vec::new();
        let image = self.0.to_rgba8();
        WebPEncoder::new_lossless(&mut webp)
            .write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgba8)
            .map_err(|error| Error::Unwritable(error.to_string()))?;
        Ok(webp)
    }

    /// Blends the picture with white, since JPEG has no transparency.
    fn on_white(&self) -> DynamicImage {
        let mut image = self.0.to_rgba8();
        for pixel in image.pixels_mut() {
            let [.., alpha] = pixel.0;
            let over = |colour: u8| {
                let blended = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
                u8::try_from(blended / 255).unwrap_or(255)
            };
            pixel.0 = [over(pixel.0[0]), over(pixel.0[1]), over(pixel.0[2]), 255];
        }
        DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(image).to_rgb8())
    }
}

/// Whether the bytes are a valid ICO file, as browsers accept for `favicon.ico`.
pub fn is_icon(bytes: &[u8]) -> bool {
    matches!(image::guess_format(bytes), Ok(ImageFormat::Ico)) && Picture::decode(bytes).is_ok()
}

fn unreadable(error: image::ImageError) -> Error {
    Error::Unreadable(error.to_string())
}

/// Scales with a good filter, after a fast reduction if the picture is more than three times larger. Colours are
/// weighted by alpha, otherwise the colour of transparent pixels would appear at edges.
fn scaled(image: DynamicImage, width: u32, height: u32) -> DynamicImage {
    let image = if image.width() / 3 > width && image.height() / 3 > height {
        image.thumbnail_exact(width * 2, height * 2)
    } else {
        image
    };
    if !image.color().has_alpha() {
        return image.resize_exact(width, height, FilterType::Lanczos3);
    }
    let mut pixels = image.into_rgba8();
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel[3]);
        pixel.0[..3]
            .iter_mut()
            .for_each(|channel| *channel = (u16::from(*channel) * alpha / 255) as u8);
    }
    let mut pixels = image::imageops::resize(&pixels, width, height, FilterType::Lanczos3);
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel[3]).max(1);
        pixel.0[..3]
            .iter_mut()
            .for_each(|channel| *channel = (u16::from(*channel) * 255 / alpha).min(255) as u8);
    }
    DynamicImage::ImageRgba8(pixels)
}

#[cfg(test)]
mod tests;
