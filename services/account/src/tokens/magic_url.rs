//! Sign-in with a magic URL: a link sent by mail.

use std::time::Duration;

use api::{Call, Created, Result, links};
use identity::tokens::TokenKind;
use identity::{EmailError, TokenError, UserError, UserId};
use kernel::Email;
use kernel::id::CustomId;
use kernel::param::Text;
use notifications::{MailTemplate, Values};
use url::Url;

use super::{Sending, phrase};
use crate::State;

/// Validity of a link.
const LIFE: Duration = Duration::from_secs(60 * 60);
/// Length of a link's secret, in hexadecimal digits.
const SECRET_LEN: usize = 64;
/// Default page of a link if the app gives no URL; it redirects to a native app.
pub(crate) const LANDING: &str = "/console/auth/magic-url";

kernel::params! {
    /// Parameters of a sign-in with a magic URL.
    pub(crate) struct CreateMagicUrlToken {
        /// ID for a new user if none has this address yet; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// URL of the app's page that the link opens.
        url: Text<2048> = "url" | Text::default(),
        /// Whether the mail contains a security phrase that the app also shows.
        phrase: bool = "phrase" | false,
    }
}

/// Sends a sign-in link.
pub(crate) async fn create(call: Call<State>, input: CreateMagicUrlToken) -> Result<Created<views::Token>> {
    call.app.notifier.check_mail(&call.project)?;
    let mut link = match input.url.0.as_str() {
        "" => Url::parse(&call.server_url(LANDING)).map_err(|_| TokenError::Invalid)?,
        url => call.check_link("url", url)?,
    };
    let sending = Sending::of(&call);
    let id = input.user_id.or_generate(call.now());
    call.check_role_is_free(format!("user:{id}"), UserError::IdNamed)
        .await?;
    let secret = secrets::random::hex(SECRET_LEN);
    let phrase = if input.phrase { phrase::random() } else { String::new() };
    let visible_secret = call.caller.is_privileged().then(|| secret.clone());
    let project = call.project.id().to_string();
    call.act(move |act| {
        let user = sending.user_of_email(act, id, &input.email, EmailError::Exists)?;
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
        let mut view = views::token(&token, visible_secret);
        view.phrase = phrase;
        api::Result::Ok(Created(view))
    })
    .await
}
