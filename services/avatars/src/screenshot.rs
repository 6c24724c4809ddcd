//! Screenshots of web pages. They are taken by a separate browser service with the same API as Appwrite's (`POST
//! /screenshots`); if none is configured, the endpoint returns an error.
//!
//! The page must have a public address. Requests made by the page are not checked here: the browser service should run
//! in a network without access to internal hosts.

use api::media::MediaReply;
use api::{Call, Result};
use bytes::Bytes;
use imaging::{Effort, Picture, Size};
use kernel::param::{HttpUrl, Int, List, Object, Param, Rule, Text};
use kernel::serde_json::{Value, json};
use outbound::{HeaderValue, Method, Reach, Request, Url, header};

use crate::cache::{self, CachedImage};
use crate::catalogue::{Side, size};
use crate::error::Error;
use crate::{State, fetch};

kernel::choices! {
    /// Preferred colour scheme of the page.
    pub(crate) enum Theme {
        Light = "light", Dark = "dark",
    }
}

kernel::choices! {
    /// Output formats of screenshots.
    pub(crate) enum Output {
        Jpg = "jpg", Jpeg = "jpeg", Png = "png", Webp = "webp",
    }
}

kernel::choices! {
    /// Permission of a page in the browser.
    pub(crate) enum Permission {
        Geolocation = "geolocation", Camera = "camera", Microphone = "microphone", Notifications = "notifications",
        Midi = "midi", Push = "push", ClipboardRead = "clipboard-read", ClipboardWrite = "clipboard-write",
        PaymentHandler = "payment-handler", Usb = "usb", Bluetooth = "bluetooth", Accelerometer = "accelerometer",
        Gyroscope = "gyroscope", Magnetometer = "magnetometer", AmbientLightSensor = "ambient-light-sensor",
        BackgroundSync = "background-sync", PersistentStorage = "persistent-storage",
        ScreenWakeLock = "screen-wake-lock", WebShare = "web-share", XrSpatialTracking = "xr-spatial-tracking",
    }
}

/// A number in a range; `LOW` and `HIGH` are its bounds in tenths.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Between<const LOW: i32, const HIGH: i32>(f64);

impl<const LOW: i32, const HIGH: i32> Param for Between<LOW, HIGH> {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let (low, high) = (f64::from(LOW) / 10.0, f64::from(HIGH) / 10.0);
        let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        let fits = number.filter(|number| (low..=high).contains(number));
        fits.map(Self)
            .ok_or_else(|| format!("Value must be a valid number between {low} and {high}").into())
    }

    fn schema() -> Value {
        json!({"type": "number", "minimum": f64::from(LOW) / 10.0, "maximum": f64::from(HIGH) / 10.0})
    }

    fn to_json(&self) -> Value {
        self.0.into()
    }
}

kernel::params! {
    /// Parameters of a screenshot.
    pub(crate) struct GetScreenshot {
        /// URL of the page.
        url: HttpUrl = "url",
        /// Request headers sent by the browser.
        headers: Object<65_535> = "headers" | Object(kernel::serde_json::Map::new()),
        /// Width of the viewport in pixels.
        viewport_width: Int<1, 1920> = "viewportWidth" | Int(1280),
        /// Height of the viewport in pixels.
        viewport_height: Int<1, 1080> = "viewportHeight" | Int(720),
        /// Device scale factor: image pixels per viewport pixel.
        scale: Between<1, 30> = "scale" | Between(1.0),
        /// Preferred colour scheme.
        theme: kernel::AnyCase<Theme> = "theme" | kernel::AnyCase(Theme::Light),
        /// `User-Agent` of the browser; the browser's default if empty.
        user_agent: Text<512> = "userAgent" | Text::default(),
        /// Whether to capture the full page instead of the viewport.
        fullpage: bool = "fullpage" | false,
        /// Locale of the browser, e.g. `en-US`.
        locale: Text<10> = "locale" | Text::default(),
        /// Time zone of the browser, e.g. `Europe/Berlin`.
        timezone: Text<64> = "timezone" | Text::default(),
        /// Latitude of the browser in degrees north.
        latitude: Between<-900, 900> = "latitude" | Between(0.0),
        /// Longitude of the browser in degrees east.
        longitude: Between<-1800, 1800> = "longitude" | Between(0.0),
        /// Accuracy of the position in metres.
        accuracy: Between<0, 1_000_000> = "accuracy" | Between(0.0),
        /// Whether the browser emulates a touch screen.
        touch: bool = "touch" | false,
        /// Permissions granted to the page, e.g. `geolocation`.
        permissions: List<kernel::AnyCase<Permission>> = "permissions" | List::default(),
        /// Delay after the page has loaded, in seconds.
        sleep: Int<0, 10> = "sleep" | Int(0),
        /// Width of the image in pixels; 0 derives it from the height or keeps the captured size.
        width: Side = "width" | Int(0),
        /// Height of the image in pixels; 0 derives it from the width or keeps the captured size.
        height: Side = "height" | Int(0),
        /// JPEG quality from 0 to 100; -1 selects the default of 85.
        quality: Int<-1, 100> = "quality" | Int(-1),
        /// Format of the image; PNG by default.
        output: kernel::OrBlank<kernel::AnyCase<Output>> = "output" | kernel::OrBlank(None),
    }
}

pub(crate) async fn get(call: Call<State>, page: GetScreenshot) -> Result<MediaReply> {
    let browser = call.state.browser.clone().ok_or(Error::NoBrowser)?;
    let key = format!("screenshot {page:?}");
    let making = async {
        let permit = call.state.fetcher.permit(&call.request.network()).await?;
        let url = fetch::parse(&page.url.0)?;
        call.state.fetcher.check(&url).await?;
        let body = call
            .state
            .fetcher
            .send(&permit, render_request(&browser, &url, &page)?)
            .await?;
        let render = RenderRequest::of(&page);
        let image = call.state.remote.make(
            move || {
                let image = render.write(&body);
                drop((body, permit));
                image
            },
            Error::NoPicture,
        );
        Ok(image.await?.fetched(call.now()))
    };
    cache::reply(&call, key, cache::MONTH, making).await
}

/// Builds the request to the browser service.
fn render_request(browser: &Url, url: &Url, page: &GetScreenshot) -> std::result::Result<Request, Error> {
    let address = format!("{}/screenshots", browser.as_str().trim_end_matches('/'));
    let mut body = json!({
        "url": url.as_str(),
        "theme": page.theme.0.as_str(),
        "headers": page.headers.0,
        "sleep": page.sleep.0 * 1000,
        "waitUntil": "load",
        "viewport": {"width": page.viewport_width.0, "height": page.viewport_height.0},
        "deviceScaleFactor": page.scale.0,
        "fullPage": page.fullpage,
        "hasTouch": page.touch,
    });
    let non_empty = |text: &str| (!text.is_empty()).then(|| json!(text));
    let optional = [
        ("locale", non_empty(&page.locale.0)),
        ("timezoneId", non_empty(&page.timezone.0)),
        ("userAgent", non_empty(&page.user_agent.0)),
        ("geolocation", geolocation(page)),
        ("permissions", permissions(page)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            body[name] = value;
        }
    }
    let mut request = Request::new(Method::POST, fetch::parse(&address)?);
    request.reach = Reach::Operator;
    request
        .headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.body = Some(Bytes::from(body.to_string()));
    Ok(request)
}

fn geolocation(page: &GetScreenshot) -> Option<Value> {
    let (latitude, longitude, accuracy) = (page.latitude.0, page.longitude.0, page.accuracy.0);
    let has_position = latitude != 0.0 || longitude != 0.0;
    has_position.then(|| json!({"latitude": latitude, "longitude": longitude, "accuracy": accuracy}))
}

fn permissions(page: &GetScreenshot) -> Option<Value> {
    let names: Vec<&str> = page
        .permissions
        .0
        .iter()
        .map(|permission| permission.0.as_str())
        .collect();
    (!names.is_empty()).then(|| json!(names))
}

/// Size and format of the image written from the browser's screenshot.
struct RenderRequest {
    size: Option<Size>,
    output: Output,
    quality: Option<u8>,
}

impl RenderRequest {
    fn of(page: &GetScreenshot) -> Self {
        let sized = page.width.0 > 0 || page.height.0 > 0;
        Self {
            size: sized.then(|| size(Int(page.width.0), Int(page.height.0))),
            output: page.output.0.map_or(Output::Png, |output| output.0),
            quality: u8::try_from(page.quality.0).ok(),
        }
    }

    fn write(&self, body: &[u8]) -> std::result::Result<CachedImage, imaging::Error> {
        let mut picture = Picture::decode(body)?;
        if let Some(size) = self.size {
            picture = picture.cover(size);
        }
        Ok(match self.output {
            Output::Png => CachedImage::png(picture.png(Effort::Usual)?),
            Output::Jpg | Output::Jpeg => {
                CachedImage::of("image/jpeg", picture.jpeg(self.quality.unwrap_or(85))?.into())
            }
            Output::Webp => CachedImage::of("image/webp", picture.webp()?.into()),
        })
    }
}
