//! Avatars with the initials of a name on a coloured background.

use api::media::MediaReply;
use api::{Call, Result};
use imaging::{Colour, Effort, Initials};
use kernel::param::{Int, Param, Rule, Text};
use kernel::serde_json::{Value, json};

use crate::State;
use crate::cache::{self, CachedImage};
use crate::catalogue::Side;
use crate::error::Error;

/// Default side length in pixels, if width and height are both 0.
const DEFAULT_SIDE: u32 = 500;

/// A colour of three or six hexadecimal digits; `None` derives the colour from the initials.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Background(Option<Colour>);

impl Param for Background {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        match value.as_str() {
            Some("") => Ok(Self(None)),
            Some(text) if text.parse::<Colour>().is_ok() => Ok(Self(text.parse().ok())),
            _ => Err(Rule::new("Value must be a valid Hex color code")),
        }
    }

    fn schema() -> Value {
        json!({"type": "string"})
    }
}

kernel::params! {
    /// Parameters of an avatar of initials.
    pub(crate) struct GetInitials {
        /// Name; if empty, the caller's name or e-mail address.
        name: Text<128> = "name" | Text::default(),
        /// Width in pixels.
        width: Side = "width" | Int(500),
        /// Height in pixels.
        height: Side = "height" | Int(500),
        /// Background colour, three or six hexadecimal digits.
        background: Background = "background" | Background(None),
    }
}

pub(crate) async fn get(call: Call<State>, input: GetInitials) -> Result<MediaReply> {
    let is_named = !input.name.0.trim().is_empty();
    let name = if is_named { input.name.0 } else { name_of_caller(&call) };
    let (width, height) = sides(input.width, input.height);
    let background = input.background.0;
    let key = format!("initials {width} {height} {background:?} {name}");
    let making = async {
        let image = call.state.render_pool.make(move || {
            let picture = Initials::of(&name).draw(width, height, background)?;
            picture.png(Effort::Usual)
        });
        Ok(CachedImage::png(image.await.map_err(Error::Broken)?))
    };
    // The image of the caller depends on the session and the user's name, so clients must not cache it under this URL.
    let max_age = cache::LONG.filter(|_| is_named);
    cache::reply(&call, key, max_age, making).await
}

/// The caller's name, else their e-mail address; empty without a user.
fn name_of_caller(call: &Call<State>) -> String {
    let Ok(person) = call.person() else {
        return String::new();
    };
    let user = &person.user;
    if !user.name.trim().is_empty() {
        user.name.clone()
    } else {
        user.email.clone().unwrap_or_default()
    }
}

/// Replaces a side of 0 by the other one.
fn sides(Int(width): Side, Int(height): Side) -> (u32, u32) {
    let side = |length: i64| u32::try_from(length).ok().filter(|length| *length > 0);
    let (width, height) = (side(width), side(height));
    (
        width.or(height).unwrap_or(DEFAULT_SIDE),
        height.or(width).unwrap_or(DEFAULT_SIDE),
    )
}
