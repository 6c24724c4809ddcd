//! Cost of rendering an untrusted drawing at a size, computed from the parsed tree before anything is rendered.
//!
//! The unit of work is one simple operation on one pixel, some nanoseconds. Every path, layer, mask, pattern and filter
//! step costs the pixels that it touches, times the operations on each: a `feMorphology` of radius 10 compares 441
//! pixels for one. Memory is counted, too, because nested layers exist at the same time.

use resvg::tiny_skia::Transform;
use resvg::usvg::filter::{Filter, Kind};
use resvg::usvg::{ClipPath, Group, ImageKind, Mask, Node, Paint, Path};

/// Maximum work: one to two seconds.
const MOST_WORK: f64 = 4e8;
/// Maximum memory of all layers that exist at one time, in bytes.
const MOST_BYTES: f64 = 256.0 * 1024.0 * 1024.0;
/// The renderer clips layers to a box of this multiple of the canvas in each direction.
const LAYER_BOX: f64 = 5.0;
/// Bytes of a pixel.
const PIXEL: f64 = 4.0;
/// Work for a segment of a path, which is flattened, sorted and, for a stroke, widened.
const SEGMENT: f64 = 200.0;

/// Whether a drawing can be rendered onto a canvas within [`MOST_WORK`] and [`MOST_BYTES`].
pub(crate) fn is_bearable(root: &Group, canvas: (u32, u32), transform: Transform) -> bool {
    let mut meter = Meter {
        canvas: (f64::from(canvas.0), f64::from(canvas.1)),
        work: 0.0,
        bytes: 0.0,
    };
    meter.group(root, transform).is_some()
}

struct Meter {
    canvas: (f64, f64),
    work: f64,
    /// Bytes of the layers around the current node.
    bytes: f64,
}

/// `None` ends the count: the drawing is too heavy.
type Counted = Option<()>;

impl Meter {
    fn work(&mut self, more: f64) -> Counted {
        self.work += more;
        // Also false for a number that is none.
        (self.work <= MOST_WORK).then_some(())
    }

    /// Counts work that needs more memory while it lasts.
    fn holding(&mut self, bytes: f64, work: impl FnOnce(&mut Self) -> Counted) -> Counted {
        self.bytes += bytes;
        let done = if self.bytes <= MOST_BYTES { work(self) } else { None };
        self.bytes -= bytes;
        done
    }

    /// Pixels of a box with sides in the units of a node, clipped as the renderer does.
    fn pixels(&self, (width, height): (f32, f32), transform: Transform) -> f64 {
        let (width, height) = (f64::from(width), f64::from(height));
        let (sx, kx) = (f64::from(transform.sx).abs(), f64::from(transform.kx).abs());
        let (sy, ky) = (f64::from(transform.sy).abs(), f64::from(transform.ky).abs());
        // The bounding box of the transformed box, plus the margin of a layer.
        let across = (width * sx + height * kx + 4.0).min(self.canvas.0 * LAYER_BOX);
        let down = (width * ky + height * sy + 4.0).min(self.canvas.1 * LAYER_BOX);
        across * down
    }

    fn children(&mut self, group: &Group, transform: Transform) -> Counted {
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group, transform)?,
                Node::Path(path) => self.path(path, transform)?,
                Node::Image(image) => {
                    if let ImageKind::SVG(tree) = image.kind() {
                        self.group(tree.root(), transform)?;
                    }
                    self.work(self.canvas.0 * self.canvas.1)?;
                }
                Node::Text(text) => self.group(text.flattened(), transform)?,
            }
        }
        Some(())
    }

    fn group(&mut self, group: &Group, transform: Transform) -> Counted {
        self.work(1.0)?;
        let transform = transform.pre_concat(group.transform());
        if !group.should_isolate() {
            return self.children(group, transform);
        }
        let layer = group.layer_bounding_box();
        let pixels = self.pixels((layer.width(), layer.height()), transform);
        self.work(3.0 * pixels)?;
        self.holding(pixels * PIXEL, |meter| {
            meter.children(group, transform)?;
            for filter in group.filters() {
                meter.filter(filter, pixels, transform)?;
            }
            group
                .clip_path()
                .map_or(Some(()), |clip| meter.clip(clip, pixels, transform))?;
            group
                .mask()
                .map_or(Some(()), |mask| meter.mask(mask, pixels, transform))
        })
    }

    fn clip(&mut self, clip: &ClipPath, pixels: f64, transform: Transform) -> Counted {
        self.work(3.0 * pixels)?;
        self.holding(pixels * PIXEL, |meter| {
            let transform = transform.pre_concat(clip.transform());
            meter.clipped_children(clip.root(), pixels, transform)?;
            clip.clip_path()
                .map_or(Some(()), |next| meter.clip(next, pixels, transform))
        })
    }

    /// Each group in a clip path with a clip path of its own is a layer.
    fn clipped_children(&mut self, group: &Group, pixels: f64, transform: Transform) -> Counted {
        for node in group.children() {
            match node {
                Node::Group(group) => {
                    let transform = transform.pre_concat(group.transform());
                    self.clipped_children(group, pixels, transform)?;
                    group
                        .clip_path()
                        .map_or(Some(()), |clip| self.clip(clip, pixels, transform))?;
                }
                Node::Path(path) => self.path(path, transform)?,
                Node::Text(text) => self.clipped_children(text.flattened(), pixels, transform)?,
                Node::Image(_) => {}
            }
        }
        Some(())
    }

    fn mask(&mut self, mask: &Mask, pixels: f64, transform: Transform) -> Counted {
        self.work(6.0 * pixels)?;
        self.holding(2.0 * pixels * PIXEL, |meter| {
            meter.group(mask.root(), transform)?;
            mask.mask().map_or(Some(()), |next| meter.mask(next, pixels, transform))
        })
    }

    fn path(&mut self, path: &Path, transform: Transform) -> Counted {
        let bounds = path.stroke_bounding_box();
        let pixels = self.pixels((bounds.width(), bounds.height()), transform);
        let pixels = pixels.min(self.canvas.0 * self.canvas.1 * LAYER_BOX);
        #[expect(clippy::cast_precision_loss, reason = "a count of segments")]
        let segments = path.data().verbs().len() as f64;
        self.work(segments * SEGMENT)?;
        let paints = [
            path.fill().map(|fill| fill.paint()),
            path.stroke().map(|stroke| stroke.paint()),
        ];
        for paint in paints.into_iter().flatten() {
            self.paint(paint, pixels, transform)?;
        }
        Some(())
    }

    fn paint(&mut self, paint: &Paint, pixels: f64, transform: Transform) -> Counted {
        match paint {
            Paint::Color(_) => self.work(pixels),
            Paint::LinearGradient(_) | Paint::RadialGradient(_) => self.work(4.0 * pixels),
            Paint::Pattern(pattern) => {
                self.work(8.0 * pixels)?;
                let transform = transform.pre_concat(pattern.transform());
                // A tile is not clipped.
                let (across, down) = scale(transform);
                let rect = pattern.rect();
                let tile = f64::from(rect.width()) * across * f64::from(rect.height()) * down;
                self.work(tile)?;
                self.holding(tile * PIXEL, |meter| meter.group(pattern.root(), transform))
            }
        }
    }

    fn filter(&mut self, filter: &Filter, pixels: f64, transform: Transform) -> Counted {
        let steps = filter.primitives();
        #[expect(clippy::cast_precision_loss, reason = "a count of steps")]
        let results = steps.len() as f64 + 2.0;
        // The results of all steps are kept until the last one.
        self.holding(results * pixels * PIXEL, |meter| {
            for step in steps {
                let operations = operations(step.kind(), (pixels, meter.canvas), transform);
                // Colours are converted, and the step's region is cleared.
                meter.work(pixels * (operations + 10.0))?;
                if let Kind::Image(image) = step.kind() {
                    meter.group(image.root(), transform)?;
                }
            }
            Some(())
        })
    }
}

/// Operations of a filter step on each pixel of its region.
fn operations(kind: &Kind, (pixels, canvas): (f64, (f64, f64)), transform: Transform) -> f64 {
    let (across, down) = scale(transform);
    match kind {
        Kind::Morphology(step) => {
            let side = |radius: f32, scale: f64, longest: f64| (2.0 * f64::from(radius) * scale + 1.0).min(longest);
            let width = side(step.radius_x().get(), across, canvas.0 * LAYER_BOX);
            let height = side(step.radius_y().get(), down, canvas.1 * LAYER_BOX);
            (width * height).min(pixels)
        }
        Kind::ConvolveMatrix(step) => 2.0 * f64::from(step.matrix().columns()) * f64::from(step.matrix().rows()),
        // Four channels, each with a noise function of some sixty operations.
        Kind::Turbulence(step) => 240.0 * f64::from(step.num_octaves()),
        Kind::DiffuseLighting(_) | Kind::SpecularLighting(_) => 60.0,
        Kind::GaussianBlur(_) | Kind::DropShadow(_) => 30.0,
        Kind::ComponentTransfer(_) => 20.0,
        Kind::Merge(step) => 4.0 * f64::from(u32::try_from(step.inputs().len()).unwrap_or(u32::MAX)),
        Kind::Blend(_)
        | Kind::ColorMatrix(_)
        | Kind::Composite(_)
        | Kind::DisplacementMap(_)
        | Kind::Flood(_)
        | Kind::Image(_)
        | Kind::Offset(_)
        | Kind::Tile(_) => 10.0,
    }
}

/// Scale of a transform in both directions.
fn scale(transform: Transform) -> (f64, f64) {
    let across = f64::from(transform.sx).hypot(f64::from(transform.ky));
    let down = f64::from(transform.kx).hypot(f64::from(transform.sy));
    (across, down)
}
