//! Size of a picture.

/// Maximum number of pixels of a scaled picture.
const MAX_PIXELS: f64 = 16_000_000.0;

/// Requested width and height. If one is 0, it follows from the other and the aspect ratio; if both are 0, the picture
/// keeps its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    /// The width, in pixels.
    pub width: u32,
    /// The height, in pixels.
    pub height: u32,
}

impl Size {
    /// A width and a height.
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// The resulting size of a picture of this width and height, limited to [`MAX_PIXELS`] pixels.
    pub(crate) fn applied_to(self, (width, height): (f64, f64)) -> (u32, u32) {
        let (width, height) = (width.max(1.0), height.max(1.0));
        let (wide, high) = match (f64::from(self.width), f64::from(self.height)) {
            (0.0, 0.0) => (width, height),
            (wide, 0.0) => (wide, wide * height / width),
            (0.0, high) => (high * width / height, high),
            both => both,
        };
        let scale = (MAX_PIXELS / (wide * high)).sqrt().min(1.0);
        let bounded = |length: f64| (length * scale).round().clamp(1.0, 16_000.0) as u32;
        (bounded(wide), bounded(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_sides_follow_from_the_aspect_ratio() {
        let applied = |width, height| Size::new(width, height).applied_to((300.0, 200.0));
        assert_eq!(applied(0, 0), (300, 200));
        assert_eq!(applied(150, 0), (150, 100));
        assert_eq!(applied(0, 50), (75, 50));
        assert_eq!(applied(10, 40), (10, 40));
    }

    #[test]
    fn no_shape_makes_a_picture_too_large() {
        for (size, shape) in [
            (Size::new(2000, 0), (1.0, 60_000.0)),
            (Size::new(0, 2000), (60_000.0, 1.0)),
            (Size::new(0, 0), (8000.0, 5000.0)),
            (Size::new(0, 0), (0.0, f64::MAX)),
        ] {
            let (width, height) = size.applied_to(shape);
            assert!(
                width > 0 && height > 0 && u64::from(width) * u64::from(height) <= 16_010_000,
                "{size:?} {shape:?}"
            );
        }
    }
}
