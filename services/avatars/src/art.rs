//! Built-in SVG drawings and their codes. Their sources are listed in `scripts/data/art.mjs`.

use std::marker::PhantomData;

use embedded_data::Pack;
use kernel::param::{Param, Rule};
use kernel::serde_json::{Value, json};

/// Names of the drawings, one per line, sorted, in the order of the pack.
const NAMES: &str = include_str!("../data/art.txt");
static ART: Pack = Pack::new(include_bytes!("../data/art.bin"));

/// A set of drawings.
pub(crate) trait Set: std::fmt::Debug + Clone + Send + Sync + 'static {
    /// Name prefix of the set's drawings in the pack.
    const FOLDER: &'static str;
}

/// Declares sets of drawings.
macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident = $folder:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(crate) struct $name;

        impl Set for $name {
            const FOLDER: &'static str = $folder;
        }
    )* };
}

sets! {
    /// Browsers, by the codes stored in sessions.
    Browsers = "browsers/";
    /// Kinds of credit cards.
    Cards = "credit-cards/";
    /// Flags, by country code.
    Flags = "flags/";
}

/// Code of a drawing in a set.
#[derive(Debug, Clone)]
pub(crate) struct Code<S> {
    index: usize,
    set: PhantomData<S>,
}

impl<S: Set> Code<S> {
    /// Name of the drawing in the pack, with the set's prefix.
    pub(crate) fn name(&self) -> &'static str {
        NAMES.lines().nth(self.index).unwrap_or_default()
    }

    /// The drawing, as SVG.
    pub(crate) fn svg(&self) -> Option<Vec<u8>> {
        ART.block(self.index)
    }

    fn codes() -> impl Iterator<Item = (usize, &'static str)> {
        let codes = NAMES.lines().enumerate();
        codes.filter_map(|(index, name)| Some((index, name.strip_prefix(S::FOLDER)?)))
    }
}

impl<S: Set> Param for Code<S> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let wanted = value.as_str().unwrap_or_default();
        let found = Self::codes().find(|(_, code)| code.eq_ignore_ascii_case(wanted));
        let code = found.map(|(index, _)| Self {
            index,
            set: PhantomData,
        });
        code.ok_or_else(|| {
            let codes: Vec<_> = Self::codes().map(|(_, code)| code).collect();
            format!("Value must be one of ({})", codes.join(", ")).into()
        })
    }

    fn schema() -> Value {
        let codes: Vec<_> = Self::codes().map(|(_, code)| code).collect();
        json!({"type": "string", "enum": codes})
    }
}

#[cfg(test)]
mod tests {
    use imaging::{Drawing, Fit, Size};

    use super::*;

    fn check<S: Set>(count: usize, shape: (u32, u32)) {
        assert_eq!(Code::<S>::codes().count(), count);
        for (index, code) in Code::<S>::codes() {
            let drawing = Code::<S> {
                index,
                set: PhantomData,
            };
            let drawing = Drawing::parse(&drawing.svg().expect("a drawing")).expect(code);
            let picture = drawing.render(Size::new(shape.0, shape.1), Fit::Within).expect(code);
            let visible = picture.pixels().chunks_exact(4).filter(|pixel| pixel[3] > 0).count();
            // The smallest share of visible pixels is in the flag of Nepal, which is not a rectangle.
            assert!(visible * 3 > (shape.0 * shape.1) as usize, "{code}: {visible}");
        }
    }

    #[test]
    fn every_drawing_can_be_drawn() {
        check::<Browsers>(14, (32, 32));
        check::<Cards>(17, (48, 32));
        check::<Flags>(250, (40, 30));
    }

    #[test]
    fn case_does_not_matter() {
        let code = Code::<Flags>::parse(&json!("DE")).expect("a code");
        assert_eq!(code.name(), "flags/de");
        assert!(Code::<Flags>::parse(&json!("visa")).is_err());
    }
}
