//! Errors of images.

use std::borrow::Cow;

use kernel::{Fault, Kind};

/// Errors of images. Their messages reveal nothing about the server's network.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the remote server could not be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the remote server answered with {0}")]
    Refused(u16),
    #[error("the remote server redirects too often")]
    TooManyRedirects,
    #[error("the response is not a valid image")]
    NoPicture(#[source] imaging::Error),
    #[error("the site has no icon that can be read")]
    NoIcon,
    #[error("the site's icon is an invalid SVG")]
    BadDrawing(#[source] imaging::Error),
    #[error("Screenshots are not available on this server: it has no browser service set up.")]
    NoBrowser,
    #[error("a built-in image could not be rendered")]
    Broken(#[source] imaging::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unreachable(_) | Self::Refused(_) | Self::TooManyRedirects => {
                Kind::Missing("avatar_remote_url_failed")
            }
            Self::NoPicture(_) => Kind::Missing("avatar_image_not_found"),
            Self::NoIcon => Kind::Missing("avatar_icon_not_found"),
            Self::BadDrawing(_) => Kind::Invalid("avatar_svg_sanitization_failed"),
            Self::NoBrowser => Kind::Unsupported("general_not_implemented"),
            Self::Broken(_) => Kind::Broken,
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            Self::Unreachable(_) | Self::Refused(_) | Self::TooManyRedirects => {
                "The address could not be fetched: it must be public, and answer within three redirects.".into()
            }
            Self::NoPicture(_) => "The address does not return a valid image.".into(),
            Self::NoIcon => "The site has no icon that can be read.".into(),
            Self::BadDrawing(_) => "The site's icon is an invalid SVG.".into(),
            Self::NoBrowser | Self::Broken(_) => self.to_string().into(),
        }
    }
}
