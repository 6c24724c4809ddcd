//! The icon of a web site: the best one linked from its page, else `/favicon.ico`.

use api::media::MediaReply;
use api::{Call, Result};
use bytes::Bytes;
use imaging::{Drawing, Effort, Fit, Picture, Size};
use kernel::param::HttpUrl;
use outbound::Url;

use crate::State;
use crate::cache::{self, CachedImage};
use crate::error::Error;
use crate::fetch::{self, Permit};
use crate::links;

/// Size of icons in pixels.
const SIDE: Size = Size::new(56, 56);
/// Number of bytes searched at the start of a page; `<link>` elements are in its head.
const HEAD: usize = 1 << 20;

kernel::params! {
    /// Parameters of a favicon.
    pub(crate) struct GetFavicon {
        /// URL of a page of the site.
        url: HttpUrl = "url",
    }
}

pub(crate) async fn get(call: Call<State>, site: GetFavicon) -> Result<MediaReply> {
    let key = format!("favicon {}", site.url.0);
    let making = async {
        let image = icon_of(&call.state, &call.request.network(), fetch::parse(&site.url.0)?).await?;
        Ok(image.fetched(call.now()))
    };
    cache::reply(&call, key, cache::MONTH, making).await
}

async fn icon_of(state: &State, caller: &str, page: Url) -> std::result::Result<CachedImage, Error> {
    let permit = state.fetcher.permit(caller).await?;
    let (html, page) = state.fetcher.get(&permit, page, "text/html,*/*;q=0.1").await?;
    let named = links::icon(&String::from_utf8_lossy(&html[..html.len().min(HEAD)]), &page);
    drop(html);
    let usual = page.join("/favicon.ico").ok();
    let mut last = Error::NoIcon;
    for address in named.into_iter().chain(usual) {
        let Ok((body, _)) = state.fetcher.get(&permit, address, "image/*,*/*;q=0.1").await else {
            continue;
        };
        match read(state, body).await {
            Ok(image) => return Ok(image),
            Err(error) => last = error,
        }
    }
    let _: Permit = permit;
    Err(last)
}

/// Returns an ICO file unchanged and converts everything else to PNG; an SVG could contain scripts.
async fn read(state: &State, body: Bytes) -> std::result::Result<CachedImage, Error> {
    let drawn = is_drawing(&body);
    let work = move || {
        if drawn {
            let icon = Drawing::parse_foreign(&body)?.render(SIDE, Fit::Within)?;
            return icon.png(Effort::Usual).map(CachedImage::png);
        }
        if imaging::is_icon(&body) {
            return Ok(CachedImage::of("image/x-icon", body));
        }
        Picture::decode(&body)?
            .cover(SIDE)
            .png(Effort::Usual)
            .map(CachedImage::png)
    };
    let unmade = |error| if drawn { Error::BadDrawing(error) } else { Error::NoIcon };
    state.remote.make(work, unmade).await
}

/// Whether the bytes look like SVG: they start with `<` and contain `<svg` in the first 4096 bytes.
pub(crate) fn is_drawing(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&body[..body.len().min(4096)]);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') && head.contains("<svg")
}
