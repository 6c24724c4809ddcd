//! Credit cards, browsers, flags: built-in drawings, rendered in the requested size.

use api::media::MediaReply;
use api::{Call, Result};
use imaging::{Drawing, Effort, Fit, Size};
use kernel::param::Int;

use crate::State;
use crate::art::{Browsers, Cards, Code, Flags, Set};
use crate::cache::{self, CachedImage};
use crate::error::Error;

/// A width or a height in pixels; 0 derives it from the other.
pub(crate) type Side = Int<0, 2000>;

macro_rules! pictures {
    ($($(#[$doc:meta])* $name:ident of $set:ident;)*) => { $(
        kernel::params! {
            $(#[$doc])*
            pub(crate) struct $name {
                /// Code of the image.
                code: Code<$set> = "code",
                /// Width in pixels; 0 derives it from the height.
                width: Side = "width" | Int(100),
                /// Height in pixels; 0 derives it from the width.
                height: Side = "height" | Int(100),
                /// PNG compression from 0 to 100: lower values compress more and take longer. PNG is lossless at any
                /// value.
                quality: Int<-1, 100> = "quality" | Int(-1),
            }
        }

        impl $name {
            fn into_params(self) -> CatalogueParams<$set> {
                CatalogueParams { code: self.code, size: size(self.width, self.height), effort: effort(self.quality) }
            }
        }
    )* };
}

pictures! {
    /// Parameters of a credit card image.
    Card of Cards;
    /// Parameters of a browser image.
    Browser of Browsers;
    /// Parameters of a country flag image.
    Flag of Flags;
}

struct CatalogueParams<S> {
    code: Code<S>,
    size: Size,
    effort: Effort,
}

pub(crate) async fn card(call: Call<State>, card: Card) -> Result<MediaReply> {
    draw(call, card.into_params(), Fit::Within).await
}

pub(crate) async fn browser(call: Call<State>, browser: Browser) -> Result<MediaReply> {
    draw(call, browser.into_params(), Fit::Within).await
}

/// A flag covers the whole image, since apps show flags in squares and circles.
pub(crate) async fn flag(call: Call<State>, flag: Flag) -> Result<MediaReply> {
    draw(call, flag.into_params(), Fit::Covering).await
}

async fn draw<S: Set>(call: Call<State>, params: CatalogueParams<S>, fit: Fit) -> Result<MediaReply> {
    let CatalogueParams { code, size, effort } = params;
    let key = format!("{} {size:?} {effort:?}", code.name());
    let making = async {
        let image = call.state.render_pool.make(move || {
            let svg = code
                .svg()
                .ok_or_else(|| imaging::Error::Unreadable("the pack has no such drawing".to_owned()))?;
            Drawing::parse(&svg)?.render(size, fit)?.png(effort)
        });
        Ok(CachedImage::png(image.await.map_err(Error::Broken)?))
    };
    cache::reply(&call, key, cache::MONTH, making).await
}

/// Converts the parameters to a size.
pub(crate) fn size(width: Side, height: Side) -> Size {
    let side = |Int(length): Side| u32::try_from(length).unwrap_or_default();
    Size::new(side(width), side(height))
}

/// As in Appwrite, a higher quality means less PNG compression.
fn effort(Int(quality): Int<-1, 100>) -> Effort {
    match quality {
        0..=33 => Effort::Thorough,
        67.. => Effort::Quick,
        _ => Effort::Usual,
    }
}
