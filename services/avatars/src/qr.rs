//! QR codes of a text.

use api::media::MediaReply;
use api::{Call, Result};
use imaging::Effort;
use kernel::param::{Int, Text};

use crate::State;
use crate::cache::{self, CachedImage};
use crate::error::Error;

kernel::params! {
    /// Parameters of a QR code.
    pub(crate) struct GetQr {
        /// Text to encode.
        text: Text<512, 1> = "text",
        /// Width and height in pixels.
        size: Int<1, 1000> = "size" | Int(400),
        /// Margin, in modules.
        margin: Int<0, 10> = "margin" | Int(1),
        /// Whether the reply is marked as a download (`Content-Disposition: attachment`).
        download: bool = "download" | false,
    }
}

pub(crate) async fn get(call: Call<State>, code: GetQr) -> Result<MediaReply> {
    let GetQr {
        text: Text(text),
        size,
        margin,
        download,
    } = code;
    let number = |number: i64| u32::try_from(number).unwrap_or_default();
    let (size, margin) = (number(size.0), number(margin.0));
    let key = format!("qr {size} {margin} {text}");
    let making = async {
        let image = call
            .state
            .render_pool
            .make(move || imaging::qr(&text, size, margin)?.png(Effort::Usual));
        Ok(CachedImage::png(image.await.map_err(Error::Broken)?))
    };
    let mut media = cache::media(&call, key, cache::LONG, making).await?;
    media.download = download.then_some("qr.png");
    Ok(media.answer(&call.request))
}
