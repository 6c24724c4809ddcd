//! Outlines of letters from Noto Sans. `scripts/data/glyphs.mjs` generates the pack and selects the letters.

use embedded_data::Pack;
use resvg::tiny_skia::{Path, PathBuilder};

/// Block 0 contains the first letter of each further block, four bytes each; the further blocks contain the glyphs.
static GLYPHS: Pack = Pack::new(include_bytes!("../data/glyphs.bin"));

/// The outline of a letter, in thousandths of the font's size, with the y axis upwards.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    /// Advance width: distance to the next glyph.
    pub(crate) advance: f32,
    /// The outline.
    pub(crate) path: Path,
}

impl Glyph {
    /// The outline of a letter, if included.
    pub(crate) fn of(letter: char) -> Option<Self> {
        let wanted = u32::from(letter);
        let starts = GLYPHS.block(0)?;
        let starts = starts
            .chunks_exact(4)
            .map(|code| code.try_into().map_or(u32::MAX, u32::from_le_bytes));
        let before = starts.take_while(|start| *start <= wanted).enumerate();
        let (index, mut code) = before.last()?;
        let block = GLYPHS.block(index + 1)?;
        let mut reader = Reader(&block);
        while code <= wanted && !reader.0.is_empty() {
            code += reader.number()?;
            let length = reader.number()? as usize;
            let outline = reader.0.split_off(..length)?;
            if code == wanted {
                return Reader(outline).glyph();
            }
        }
        None
    }
}

/// Reads LEB128 numbers: seven bits per byte, low bits first.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = *self.0.split_off_first()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A coordinate difference with its sign in the lowest bit (zigzag encoding).
    fn step(&mut self) -> Option<f32> {
        let number = self.number()?;
        let half = (number >> 1) as f32;
        Some(if number & 1 == 1 { -half - 1.0 } else { half })
    }

    fn glyph(mut self) -> Option<Glyph> {
        let advance = self.number()? as f32;
        let mut path = PathBuilder::new();
        let (mut x, mut y) = (0.0, 0.0);
        while let Some(operation) = self.0.split_off_first() {
            let mut points = [(0.0, 0.0); 3];
            let count = match operation {
                0 | 1 => 1,
                2 => 2,
                3 => 3,
                _ => 0,
            };
            for point in &mut points[..count] {
                x += self.step()?;
                y += self.step()?;
                *point = (x, y);
            }
            let [a, b, c] = points;
            match operation {
                0 => path.move_to(a.0, a.1),
                1 => path.line_to(a.0, a.1),
                2 => path.quad_to(a.0, a.1, b.0, b.1),
                3 => path.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1),
                _ => path.close(),
            }
        }
        path.finish().map(|path| Glyph { advance, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_exist_for_many_scripts() {
        for letter in "AZÅŁẾ09ßΩЖЯԱა את عپ अক ਅઅଅఅಅഅඅ ไกລខမአ あア한글王龍漢黒"
            .chars()
            .filter(|letter| *letter != ' ')
        {
            let glyph = Glyph::of(letter);
            assert!(glyph.is_some_and(|glyph| glyph.advance > 100.0), "{letter}");
        }
    }

    #[test]
    fn missing_glyphs_are_none() {
        for letter in ['\0', ' ', 'a', '\u{1f600}', '\u{10ffff}', '\u{e000}'] {
            assert!(Glyph::of(letter).is_none(), "{letter:?}");
        }
    }
}
