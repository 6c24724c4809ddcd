//! Initials: the first letters of a name, on a colour.

use std::str::FromStr;

use resvg::tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};
use unicode_normalization::UnicodeNormalization;

use crate::Error;
use crate::drawing::picture;
use crate::glyphs::Glyph;
use crate::picture::Picture;

/// Background colours, chosen by the letters. Same as Appwrite's.
const THEMES: [Colour; 5] = [
    Colour(0xfd, 0x36, 0x6e),
    Colour(0xfe, 0x95, 0x67),
    Colour(0x7c, 0x67, 0xfe),
    Colour(0x68, 0xa3, 0xfe),
    Colour(0x85, 0xdb, 0xd8),
];

/// Font size as a share of the picture's size; smaller if the letters do not fit.
const SHARE: f32 = 0.5;
/// Maximum share of the picture's width and height for the letters.
const MAX_SHARE: f32 = 0.72;

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Whether letters on it are drawn dark instead of white (WCAG 2.2, relative luminance).
    fn is_light(self) -> bool {
        let linear = |channel: u8| (f32::from(channel) / 255.0).powf(2.2);
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2) > 0.6
    }

    fn paint(self) -> Color {
        Color::from_rgba8(self.0, self.1, self.2, 255)
    }
}

impl FromStr for Colour {
    type Err = ();

    /// Parses three or six hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, ()> {
        let digits: Vec<u8> = text
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(()))
            .collect::<Result<_, _>>()?;
        match digits[..] {
            [r, g, b] => Ok(Self(r * 17, g * 17, b * 17)),
            [r, red, g, green, b, blue] => Ok(Self(r * 16 + red, g * 16 + green, b * 16 + blue)),
            _ => Err(()),
        }
    }
}

/// The initials of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initials {
    letters: Vec<char>,
    /// Whether the name was not empty.
    is_named: bool,
}

impl Initials {
    /// The first letters of a name's first two words. If the first letter of a word cannot be drawn, its next drawable
    /// letter is used.
    pub fn of(name: &str) -> Self {
        let name: String = name.nfc().collect();
        let mut words: Vec<&str> = name.split_whitespace().collect();
        if words.len() == 1 {
            words = name.trim().split('_').collect();
        }
        let letters = words.iter().filter_map(|word| first_letter(word)).take(2).collect();
        Self {
            letters,
            is_named: !name.trim().is_empty(),
        }
    }

    /// The letters, in the order of the name.
    pub fn letters(&self) -> String {
        self.letters.iter().collect()
    }

    /// The background colour determined by the letters.
    pub fn theme(&self) -> Colour {
        let sum: usize = self.letters.iter().map(|letter| *letter as usize).sum();
        THEMES[sum % THEMES.len()]
    }

    /// Draws the letters on a background; the default is [`Initials::theme`]. A name without drawable letters gives a
    /// figure of a person, an empty name only the background.
    pub fn draw(&self, width: u32, height: u32, background: Option<Colour>) -> Result<Picture, Error> {
        let mut canvas = Pixmap::new(width, height).ok_or(Error::TooLarge { width, height })?;
        canvas.fill(background.unwrap_or_else(|| self.theme()).paint());
        let mut ink = Paint::default();
        let is_light = background.is_some_and(Colour::is_light);
        ink.set_color(
            if is_light {
                Colour(0x1d, 0x1d, 0x25)
            } else {
                Colour(255, 255, 255)
            }
            .paint(),
        );
        let size = (width as f32, height as f32);
        let shape = match self.is_named {
            false => None,
            true if self.letters.is_empty() => figure().map(|figure| (figure, 1.0)),
            true => line(&self.letters).map(|line| (line, SHARE * size.0.min(size.1) / 1000.0)),
        };
        if let Some((path, scale)) = shape {
            let transform = centred(&path, size, scale);
            canvas.fill_path(&path, &ink, FillRule::Winding, transform, None);
        }
        picture(canvas)
    }
}

/// The first drawable letter of a word, as a capital if the script capitalizes names.
fn first_letter(word: &str) -> Option<char> {
    let drawn = |letter: char| {
        let mut upper = letter.to_uppercase();
        let capital = match (upper.next(), upper.next()) {
            // Georgian capitals are only used for whole words.
            (Some(capital), None) if !matches!(letter, '\u{10d0}'..='\u{10ff}') => capital,
            _ => letter,
        };
        [capital, letter]
            .into_iter()
            .find(|letter| Glyph::of(*letter).is_some())
    };
    let is_vowel_before = |letter: &char| matches!(letter, '\u{e40}'..='\u{e44}' | '\u{ec0}'..='\u{ec4}');
    let mut letters = word.chars().filter(|letter| letter.is_alphanumeric());
    // A Thai or Lao vowel written before its consonant is not used as an initial.
    let first = letters.clone().find(|letter| !is_vowel_before(letter)).and_then(drawn);
    first.or_else(|| letters.find_map(drawn))
}

/// Outline of letters in a line, from right to left for right-to-left scripts.
fn line(letters: &[char]) -> Option<Path> {
    let is_leftwards = |letter: &char| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}');
    let mut letters = letters.to_vec();
    if letters.first().is_some_and(is_leftwards) {
        letters.reverse();
    }
    let mut path = PathBuilder::new();
    let mut across = 0.0;
    for glyph in letters.into_iter().filter_map(Glyph::of) {
        // The y axis of glyphs points up, that of pictures down.
        let moved = Transform::from_row(1.0, 0.0, 0.0, -1.0, across, 0.0);
        path.push_path(&glyph.path.transform(moved)?);
        across += glyph.advance;
    }
    path.finish()
}

/// Outline of a person: head and shoulders.
fn figure() -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_circle(50.0, 30.0, 22.0);
    path.push_oval(Rect::from_xywh(10.0, 60.0, 80.0, 60.0)?);
    path.finish()
}

/// Transform that centres a path at the requested scale, or the largest that fits.
fn centred(path: &Path, (width, height): (f32, f32), requested: f32) -> Transform {
    let bounds = path.bounds();
    let fits = f32::min(width * MAX_SHARE / bounds.width(), height * MAX_SHARE / bounds.height());
    let scale = requested.min(fits);
    let (x, y) = (
        bounds.left() + bounds.width() / 2.0,
        bounds.top() + bounds.height() / 2.0,
    );
    Transform::from_row(
        scale,
        0.0,
        0.0,
        scale,
        width / 2.0 - x * scale,
        height / 2.0 - y * scale,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_two_words() {
        for (name, letters) in [
            ("Ada Lovelace", "AL"),
            ("ada", "A"),
            ("ada_lovelace", "AL"),
            ("Ada King Lovelace", "AK"),
            ("  (ada)   «lovelace» ", "AL"),
            ("ada@example.com", "A"),
            ("3 Musketiere", "3M"),
            ("Élodie e\u{301}toile", "ÉÉ"),
            ("ßeta ǆ", "ßǄ"),
            ("лев Толстой", "ЛТ"),
            ("עדה לאבלייס", "על"),
            ("محمد علي", "مع"),
            ("मोहन गांधी", "मग"),
            ("王小明", "王"),
            ("김 철수", "김철"),
            ("さくら カナ", "さカ"),
            ("เอก ไทย", "อท"),
            ("გიორგი", "გ"),
            ("\u{1f600} Ada", "A"),
            ("\u{1f600}", ""),
            ("", ""),
        ] {
            assert_eq!(Initials::of(name).letters(), letters, "{name}");
        }
    }

    #[test]
    fn a_colour_follows_from_the_letters() {
        assert_eq!(Initials::of("Ada Lovelace").theme(), THEMES[(65 + 76) % 5]);
        assert_eq!(Initials::of("").theme(), THEMES[0]);
        assert_eq!("fd366e".parse(), Ok(THEMES[0]));
        assert_eq!("0aF".parse(), Ok(Colour(0, 0xaa, 0xff)));
        for bad in ["", "12", "12345", "ggg", "+12"] {
            assert_eq!(bad.parse::<Colour>(), Err(()), "{bad}");
        }
    }

    /// Share of pixels that differ from the corner's colour, in percent.
    fn covered(picture: &Picture) -> usize {
        let pixels = picture.pixels();
        let differing = pixels.chunks_exact(4).filter(|pixel| *pixel != &pixels[..4]).count();
        differing * 400 / pixels.len()
    }

    #[test]
    fn letters_are_drawn_and_empty_names_are_a_plain_colour() {
        for name in ["Ada Lovelace", "王", "W W", "\u{1f600}", "i"] {
            let picture = Initials::of(name).draw(200, 200, None).expect("a picture");
            assert!((2..40).contains(&covered(&picture)), "{name}: {}", covered(&picture));
        }
        assert_eq!(covered(&Initials::of("").draw(200, 200, None).expect("a picture")), 0);
        let wide = Initials::of("Ada").draw(2000, 1, None).expect("a picture");
        assert_eq!(wide.dimensions(), (2000, 1));
    }
}
