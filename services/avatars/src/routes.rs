use api::{Endpoint, PER_HOUR};
use kernel::Scope;

use crate::{State, catalogue, favicon, image, initials, qr, screenshot};

/// The table of operations.
pub fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/avatars/credit-cards/{code}", catalogue::card)
            .id("avatars.getCreditCard")
            .about("The picture of a kind of credit card.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/browsers/{code}", catalogue::browser)
            .id("avatars.getBrowser")
            .about("The picture of a browser, by the code that sessions have for it.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/flags/{code}", catalogue::flag)
            .id("avatars.getFlag")
            .about("The flag of a country.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/image", image::get)
            .id("avatars.getImage")
            .about("A picture from elsewhere, brought to size.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/favicon", favicon::get)
            .id("avatars.getFavicon")
            .about("The icon of a web site.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/qr", qr::get)
            .id("avatars.getQR")
            .about("A text as a QR code.")
            .scope(Scope::AvatarsRead),
        Endpoint::get("/v1/avatars/screenshots", screenshot::get)
            .id("avatars.getScreenshot")
            .about("A web page as a browser shows it.")
            .scope(Scope::AvatarsRead)
            .limit(60, PER_HOUR, "url:{url},ip:{ip}"),
        Endpoint::get("/v1/avatars/initials", initials::get)
            .id("avatars.getInitials")
            .about("The initials of a name, or of the caller's, on a colour.")
            .scope(Scope::AvatarsRead),
    ]
}
