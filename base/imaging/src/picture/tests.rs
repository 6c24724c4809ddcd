use image::{Luma, Rgb, RgbImage, Rgba};

use super::*;

/// A picture whose left half is red and whose right half is blue.
fn halves(width: u32, height: u32) -> Picture {
    let pixel = |x, _| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    };
    Picture(DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel)))
}

fn written(picture: &Picture, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.0.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

#[test]
fn each_format_is_read() {
    let picture = halves(8, 6);
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Bmp,
    ] {
        let read = Picture::decode(&written(&picture, format)).expect("a picture");
        assert_eq!(read.dimensions(), (8, 6), "{format:?}");
    }
    let icon = written(&Picture::new(picture.0.to_rgba8()), ImageFormat::Ico);
    assert!(is_icon(&icon) && Picture::decode(&icon).is_ok());
    assert!(!is_icon(&icon[..30]));
}

#[test]
fn a_picture_is_scaled_and_cut_around_its_middle() {
    let covered = halves(200, 100).cover(Size::new(50, 50));
    assert_eq!(covered.dimensions(), (50, 50));
    let pixels = covered.0.to_rgb8();
    assert_eq!(
        (pixels.get_pixel(5, 25), pixels.get_pixel(45, 25)),
        (&Rgb([255, 0, 0]), &Rgb([0, 0, 255]))
    );
    assert_eq!(halves(200, 100).cover(Size::new(50, 0)).dimensions(), (50, 25));
    assert_eq!(halves(200, 100).cover(Size::new(0, 0)).dimensions(), (200, 100));
    assert_eq!(halves(1, 1).cover(Size::new(2000, 2000)).dimensions(), (2000, 2000));
    assert_eq!(halves(20_000, 1).cover(Size::new(400, 400)).dimensions(), (400, 400));
}

#[test]
fn transparent_pixels_do_not_bleed_into_edges() {
    let green_within_black = RgbaImage::from_fn(40, 40, |x, _| {
        if x < 20 {
            Rgba([0, 255, 0, 255])
        } else {
            Rgba([0, 0, 0, 0])
        }
    });
    let small = Picture::new(green_within_black).cover(Size::new(15, 15)).0.to_rgba8();
    for pixel in small.pixels().filter(|pixel| pixel[3] > 16) {
        assert!(pixel[1] > 230, "{pixel:?}");
    }
}

#[test]
fn grey_is_written_as_grey() {
    let grey = Picture(DynamicImage::ImageLuma8(image::GrayImage::from_pixel(9, 9, Luma([7]))));
    let png = grey.png(Effort::Thorough).expect("a picture");
    assert_eq!(
        Picture::decode(&png).expect("a picture").0.color(),
        image::ColorType::L8
    );
}

#[test]
fn images_with_huge_declared_sizes_are_not_decoded() {
    // The header is enough: the size of a PNG is at byte offset 16 (PNG, 11.2.2).
    let mut png = written(&halves(4, 4), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert!(matches!(
        Picture::decode(&png),
        Err(Error::TooLarge {
            width: 65_535,
            height: 65_535
        })
    ));
}

#[test]
fn invalid_images_are_refused() {
    let png = written(&halves(40, 40), ImageFormat::Png);
    for bytes in [
        b"".as_slice(),
        b"<html>",
        b"\x89PNG\r\n\x1a\n",
        &png[..60],
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
    ] {
        assert!(Picture::decode(bytes).is_err(), "{bytes:?}");
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            1 => crc >> 1 ^ 0xedb8_8320,
            _ => crc >> 1,
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}
