//! Rendering of SVG. Text is not drawn, because no fonts are included, and external resources are not loaded.

use image::RgbaImage;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, roxmltree};

use crate::picture::Picture;
use crate::{Error, Size, weight};

/// Maximum size of an untrusted drawing, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// Maximum number of XML nodes in a drawing.
const MAX_NODES: u32 = 20_000;
/// Maximum side length for rendering, in pixels, because each layer has that size. Larger results are scaled up.
const MAX_SIDE: u32 = 1024;

/// Scaling of a drawing into a size of another aspect ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fit {
    /// The whole drawing, centred.
    Within,
    /// The whole size is covered; the drawing is cropped.
    Covering,
}

/// A drawing.
pub struct Drawing {
    tree: Tree,
    is_foreign: bool,
}

impl std::fmt::Debug for Drawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Drawing({} x {})",
            self.tree.size().width(),
            self.tree.size().height()
        )
    }
}

impl Drawing {
    /// Parses a trusted drawing.
    pub fn parse(svg: &[u8]) -> Result<Self, Error> {
        let tree = Tree::from_data(svg, &options()).map_err(unreadable)?;
        Ok(Self {
            tree,
            is_foreign: false,
        })
    }

    /// Parses an untrusted drawing. Fails with [`Error::TooHeavy`] if it exceeds the limits.
    pub fn parse_foreign(svg: &[u8]) -> Result<Self, Error> {
        if svg.len() > MAX_BYTES {
            return Err(Error::TooHeavy);
        }
        let text = std::str::from_utf8(svg).map_err(|_| Error::Unreadable("it is not UTF-8".to_owned()))?;
        let parsing = roxmltree::ParsingOptions {
            allow_dtd: true,
            nodes_limit: MAX_NODES,
            ..Default::default()
        };
        let document = roxmltree::Document::parse_with_options(text.trim_start(), parsing)
            .map_err(|error| Error::Unreadable(error.to_string()))?;
        if !weight::is_within_limits(&document) {
            return Err(Error::TooHeavy);
        }
        let tree = Tree::from_xmltree(&document, &options()).map_err(unreadable)?;
        Ok(Self { tree, is_foreign: true })
    }

    /// Renders the drawing in a size.
    pub fn render(&self, size: Size, fit: Fit) -> Result<Picture, Error> {
        let intrinsic = (
            f64::from(self.tree.size().width()),
            f64::from(self.tree.size().height()),
        );
        let (width, height) = size.applied_to(intrinsic);
        let longest = width.max(height);
        if !self.is_foreign || longest <= MAX_SIDE {
            return self.render_at(width, height, fit);
        }
        let shrunk = |side: u32| (u64::from(side) * u64::from(MAX_SIDE) / u64::from(longest)).max(1) as u32;
        let picture = self.render_at(shrunk(width), shrunk(height), fit)?;
        Ok(picture.cover(Size::new(width, height)))
    }

    fn render_at(&self, width: u32, height: u32, fit: Fit) -> Result<Picture, Error> {
        let intrinsic = (
            f64::from(self.tree.size().width()),
            f64::from(self.tree.size().height()),
        );
        let mut canvas = Pixmap::new(width, height).ok_or(Error::TooLarge { width, height })?;
        let (across, down) = (f64::from(width) / intrinsic.0, f64::from(height) / intrinsic.1);
        let scale = match fit {
            Fit::Within => across.min(down),
            Fit::Covering => across.max(down),
        };
        let left = (f64::from(width) - intrinsic.0 * scale) / 2.0;
        let top = (f64::from(height) - intrinsic.1 * scale) / 2.0;
        let transform = Transform::from_row(scale as f32, 0.0, 0.0, scale as f32, left as f32, top as f32);
        resvg::render(&self.tree, transform, &mut canvas.as_mut());
        picture(canvas)
    }
}

/// Converts a canvas to a picture.
pub(crate) fn picture(canvas: Pixmap) -> Result<Picture, Error> {
    let (width, height) = (canvas.width(), canvas.height());
    let pixels = RgbaImage::from_raw(width, height, canvas.take_demultiplied());
    pixels.map(Picture::new).ok_or(Error::TooLarge { width, height })
}

/// References to pictures are not loaded, neither from the network nor from disk: otherwise the author of a drawing
/// could read files of the server.
fn options() -> Options<'static> {
    Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

fn unreadable(error: resvg::usvg::Error) -> Error {
    Error::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALVES: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
        <rect width="20" height="20" fill="#f00"/><rect x="20" width="20" height="20" fill="#00f"/></svg>"##;

    fn corner(picture: &Picture) -> [u8; 4] {
        let pixels = picture.pixels();
        [pixels[0], pixels[1], pixels[2], pixels[3]]
    }

    #[test]
    fn a_drawing_is_put_into_its_size_in_two_ways() {
        let drawing = Drawing::parse_foreign(HALVES.as_bytes()).expect("a drawing");
        let within = drawing.render(Size::new(100, 100), Fit::Within).expect("a picture");
        assert_eq!((within.dimensions(), corner(&within)), ((100, 100), [0, 0, 0, 0]));
        let covering = drawing.render(Size::new(100, 100), Fit::Covering).expect("a picture");
        assert_eq!(corner(&covering), [255, 0, 0, 255]);
        let intrinsic = drawing.render(Size::new(0, 0), Fit::Within).expect("a picture");
        assert_eq!(intrinsic.dimensions(), (40, 20));
        let large = drawing.render(Size::new(2000, 0), Fit::Covering).expect("a picture");
        assert_eq!((large.dimensions(), corner(&large)), ((2000, 1000), [255, 0, 0, 255]));
    }

    #[test]
    fn a_drawing_reads_no_file() {
        let folder = std::env::temp_dir();
        let svg = |href: &str| {
            format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">
                <image width="9" height="9" xlink:href="{href}"/></svg>"#
            )
        };
        let inner = "data:image/svg+xml;utf8,&lt;svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'&gt;&lt;rect width='9' height='9'/&gt;&lt;/svg&gt;";
        let path = folder.join(format!("ferrite-drawing-{}.svg", std::process::id()));
        std::fs::write(&path, HALVES).expect("a file");
        for href in [path.to_str().expect("a path"), inner] {
            let drawing = Drawing::parse_foreign(svg(href).as_bytes()).expect("a drawing");
            let picture = drawing.render(Size::new(9, 9), Fit::Within).expect("a picture");
            assert!(picture.pixels().iter().all(|byte| *byte == 0), "{href}");
        }
        std::fs::remove_file(path).expect("the file");
    }

    #[test]
    fn drawings_that_expand_exponentially_are_refused() {
        let mut svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a0"><rect width="9" height="9"/></g>"#.to_owned();
        for level in 1..30 {
            let use_it = format!(r##"<use href="#a{}"/>"##, level - 1);
            svg += &format!(r#"<g id="a{level}">{}</g>"#, use_it.repeat(10));
        }
        svg += "</svg>";
        assert!(matches!(Drawing::parse_foreign(svg.as_bytes()), Err(Error::TooHeavy)));

        let long = format!(r#"<path d="M0 0{}"/>"#, "L9 9".repeat(50_000));
        let dashed = r##"<rect width="9" height="9" stroke="#000" stroke-dasharray=".0001"/>"##.repeat(200);
        let filtered = "<feTurbulence/>".repeat(500);
        let styled = format!("<style>{}</style>", "a{fill:red}".repeat(5000));
        let deep = format!("{}{}", "<g>".repeat(9000), "</g>".repeat(9000));
        let uses = format!(
            r##"<defs><g id="a">{long}</g></defs>{}"##,
            r##"<use href="#a"/>"##.repeat(20)
        );
        for heavy in [dashed, filtered, styled, deep, uses] {
            let svg = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{heavy}</svg>"#);
            assert!(
                matches!(Drawing::parse_foreign(svg.as_bytes()), Err(Error::TooHeavy)),
                "{}",
                &svg[..200]
            );
        }

        let circle = r##"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><pattern id="p" width="1" height="1">
            <rect width="9" height="9" fill="url(#p)"/></pattern><rect width="9" height="9" fill="url(#p)"/></svg>"##;
        assert!(matches!(
            Drawing::parse_foreign(circle.as_bytes()),
            Err(Error::TooHeavy)
        ));
    }

    #[test]
    fn invalid_drawings_are_refused() {
        let laughs = r#"<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
            <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><svg xmlns="http://www.w3.org/2000/svg"><title>&d;&d;&d;&d;&d;&d;</title></svg>"#;
        for svg in ["", "<html/>", "<svg", laughs, "\u{0}"] {
            assert!(Drawing::parse_foreign(svg.as_bytes()).is_err(), "{svg}");
        }
        assert!(Drawing::parse_foreign(&[0xff, 0xfe]).is_err());
    }
}
