//! Images from remote servers, scaled to the requested size.

use api::media::MediaReply;
use api::{Call, Result};
use bytes::Bytes;
use imaging::{Drawing, Effort, Fit, Picture, Size};
use kernel::param::{HttpUrl, Int};

use crate::State;
use crate::cache::{self, CachedImage};
use crate::catalogue::{Side, size};
use crate::error::Error;
use crate::{favicon, fetch};

/// Preferred formats; most servers ignore the header.
const ACCEPT: &str = "image/webp,image/png,image/jpeg,image/gif,image/svg+xml;q=0.8,image/*;q=0.5,*/*;q=0.1";

kernel::params! {
    /// Parameters of a remote image.
    pub(crate) struct GetImage {
        /// URL of the image.
        url: HttpUrl = "url",
        /// Width in pixels; 0 derives it from the height.
        width: Side = "width" | Int(400),
        /// Height in pixels; 0 derives it from the width.
        height: Side = "height" | Int(400),
    }
}

pub(crate) async fn get(call: Call<State>, remote: GetImage) -> Result<MediaReply> {
    let size = size(remote.width, remote.height);
    let key = format!("image {} {size:?}", remote.url.0);
    let making = async {
        let url = fetch::parse(&remote.url.0)?;
        let permit = call.state.fetcher.permit(&call.request.network()).await?;
        let (body, _) = call.state.fetcher.get(&permit, url, ACCEPT).await?;
        // The permit moves into the closure, so that the body counts against the limit until it is freed.
        let image = call.state.remote.make(
            move || {
                let image = in_size(&body, size);
                drop((body, permit));
                image
            },
            Error::NoPicture,
        );
        Ok(CachedImage::png(image.await?).fetched(call.now()))
    };
    cache::reply(&call, key, cache::MONTH, making).await
}

fn in_size(body: &Bytes, size: Size) -> std::result::Result<Vec<u8>, imaging::Error> {
    let picture = if favicon::is_drawing(body) {
        Drawing::parse_foreign(body)?.render(size, Fit::Covering)?
    } else {
        Picture::decode(body)?.cover(size)
    };
    picture.png(Effort::Usual)
}
