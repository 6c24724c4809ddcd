//! The initials of a name on a colour.

use api::media::MediaReply;
use api::{Call, Result};
use imaging::{Colour, Effort, Initials};
use kernel::param::{Int, Param, Rule, Text};
use kernel::serde_json::{Value, json};

use crate::State;
use crate::cache::{self, Made};
use crate::catalogue::Side;
use crate::error::Error;

/// The side of a picture that no side was asked for.
const USUAL: u32 = 500;

/// A colour of three or six hexadecimal digits; none is the one that the letters always get.
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
        /// The name; the caller's name or address where it is empty.
        name: Text<128> = "name" | Text::default(),
        /// The width, in pixels.
        width: Side = "width" | Int(500),
        /// The height, in pixels.
        height: Side = "height" | Int(500),
        /// The colour, of three or six hexadecimal digits.
        background: Background = "background" | Background(None),
    }
}

pub(crate) async fn get(call: Call<State>, whose: GetInitials) -> Result<MediaReply> {
    let is_named = !whose.name.0.trim().is_empty();
    let name = if is_named { whose.name.0 } else { name_of_caller(&call) };
    let (width, height) = sides(whose.width, whose.height);
    let background = whose.background.0;
    let key = format!("initials {width} {height} {background:?} {name}");
    let making = async {
        let made = call.state.render_pool.make(move || {
            let picture = Initials::of(&name).draw(width, height, background)?;
            picture.png(Effort::Usual)
        });
        Ok(Made::png(made.await.map_err(Error::Broken)?))
    };
    // The caller's own change with their name, and with who is signed in, at the same address.
    let max_age = cache::LONG.filter(|_| is_named);
    cache::reply(&call, key, max_age, making).await
}

/// The caller's name, else what they sign in with.
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

/// A side that is 0 is as long as the other.
fn sides(Int(width): Side, Int(height): Side) -> (u32, u32) {
    let side = |length: i64| u32::try_from(length).ok().filter(|length| *length > 0);
    let (width, height) = (side(width), side(height));
    (width.or(height).unwrap_or(USUAL), height.or(width).unwrap_or(USUAL))
}
