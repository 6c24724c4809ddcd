use api::{Endpoint, PER_HOUR};
use kernel::Scope;

use crate::{State, catalogue, favicon, image, initials, qr, screenshot};

/// The table of operations.
pub fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/avatars/credit-cards/{code}", catalogue::card)
            .id("avatars.getCreditCard")
            .about("Get the logo of a credit card brand.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/browsers/{code}", catalogue::browser)
            .id("avatars.getBrowser")
            .about("Get a browser's icon, by the code that sessions have for it.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/flags/{code}", catalogue::flag)
            .id("avatars.getFlag")
            .about("Get the flag of a country.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/image", image::get)
            .id("avatars.getImage")
            .about("Get a remote image, resized.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/favicon", favicon::get)
            .id("avatars.getFavicon")
            .about("Get the favicon of a website.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/qr", qr::get)
            .id("avatars.getQR")
            .about("Get a QR code.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/screenshots", screenshot::get)
            .id("avatars.getScreenshot")
            .about("Get a screenshot of a web page.")
            .scope(Scope::AvatarsRead)
            .limit(60, PER_HOUR, "url:{url},ip:{ip}"),
        Endpoint::get("/v1/avatars/initials", initials::get)
            .id("avatars.getInitials")
            .about("Get the initials of a name (the caller's by default) as an image.")
            .scope(Scope::AvatarsRead),
    ]
}
