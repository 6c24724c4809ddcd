//! Magic URLs: a link sent by mail, which signs in whoever opens it.

use std::time::Duration;

use api::{Call, Created, Result, links};
use identity::tokens::TokenKind;
use identity::{Error, UserId};
use kernel::Email;
use kernel::id::CustomId;
use kernel::param::Text;
use notifications::{MailTemplate, Values};
use url::Url;

use super::{Sending, phrase};
use crate::State;

/// Validity of a link.
const LIFE: Duration = Duration::from_secs(60 * 60);
/// Hexadecimal digits of a link's secret.
const SECRET_LEN: usize = 64;
/// Default page of a link, if the app gives no URL; it opens a native app.
pub(crate) const LANDING: &str = "/console/auth/magic-url";

kernel::params! {
    /// The user who signs in.
    pub(crate) struct CreateMagicUrlToken {
        /// Id of the user, if there is none with this address yet; `unique()` makes one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// The page of the app that the link leads to.
        url: Text<2048> = "url" | Text::default(),
        /// Whether the mail repeats words that the app shows, so that the reader knows it for ours.
        phrase: bool = "phrase" | false,
    }
}

/// Sends a link that signs in.
pub(crate) async fn create(call: Call<State>, input: CreateMagicUrlToken) -> Result<Created<views::Token>> {
    call.app.notifier.check_mail(&call.project)?;
    let mut link = match input.url.0.as_str() {
        "" => Url::parse(&call.own_link(LANDING)).map_err(|_| Error::InvalidToken)?,
        url => call.check_link("url", url)?,
    };
    let sending = Sending::of(&call);
    let id = input.user_id.or_generate(call.now());
    let secret = secrets::random::hex(SECRET_LEN);
    let phrase = if input.phrase { phrase::random() } else { String::new() };
    let shown = call.caller.is_privileged().then(|| secret.clone());
    let project = call.project.id().to_string();
    call.act(move |act| {
        let user = sending.user_of_email(act, id, &input.email, Error::EmailExists)?;
        let token = sending.token(act, &user, TokenKind::MagicUrl, &secret, LIFE)?;
        let expire = token.expire.to_string();
        links::put(
            &mut link,
            &[
                ("userId", user.id.as_str()),
                ("secret", &secret),
                ("expire", &expire),
                ("project", &project),
            ],
        );
        let values = Values::from([
            ("redirect".to_owned(), link.to_string()),
            ("phrase".to_owned(), phrase.clone()),
        ]);
        sending.mail(act, &user, MailTemplate::MagicSession, values, token.expire)?;
        let mut view = views::token(&token, shown);
        view.phrase = phrase;
        api::Result::Ok(Created(view))
    })
    .await
}
