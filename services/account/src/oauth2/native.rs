//! Native sign-in: an app on a phone asked Google or Apple itself, and hands over the ID token.

use api::{Call, Created, Result, With};
use identity::linking::Active;
use identity::sessions::Grant;
use kernel::Timestamp;
use kernel::param::Text;
use oauth::{NativeSignIn, Trace};
use projects::oauth::credentials;
use views::SessionOpener;

use super::login::OAuthLogin;
use super::start::provider;
use crate::State;

kernel::params! {
    /// An ID token and what the app knows beside it.
    pub(crate) struct CreateNativeToken {
        /// `apple` or `google`.
        provider: Text<64> = "provider",
        /// The ID token.
        id_token: Text<16384, 1> = "idToken",
        /// The nonce that the app chose; needed when the token has one.
        nonce: Option<Text<1024, 1>> = "nonce",
        /// The provider's access token.
        access_token: Option<Text<8192>> = "accessToken",
        /// Expiry of the access token.
        access_token_expiry: Option<Timestamp> = "accessTokenExpiry",
        /// The user's name; Apple tells it to the app alone, once.
        name: Option<Text<128>> = "name",
    }
}

/// Signs in with an ID token. A caller who has a session links the account to themselves.
pub(crate) async fn create(call: Call<State>, input: CreateNativeToken) -> Result<With<Created<views::Session>>> {
    let provider = provider(&call, &input.provider.0)?;
    if provider.native.is_none() {
        return Err(super::SignInError::Unsupported.into());
    }
    let configured = call
        .project
        .provider(&provider.id)
        .ok_or(projects::Error::ProviderDisabled)?;
    let mut audiences = configured.native_audiences.0.clone();
    if audiences.is_empty() {
        // The web client's id is always one of the app's own.
        credentials(Some(configured), &provider, &call.app.vault, &call.state.test_routing)?;
        audiences.push(configured.app_id.clone());
    }
    let test_routing = &call.state.test_routing;
    let origin = test_routing.test_origin.as_ref().or(test_routing
        .dev_origin
        .as_ref()
        .filter(|_| configured.app_id == projects::oauth::DEV_APP_ID));
    let shown = NativeSignIn {
        audiences: &audiences,
        id_token: &input.id_token.0,
        nonce: input.nonce.as_ref().map(|nonce| nonce.0.as_str()),
        origin: origin.cloned(),
    };
    let mut profile = call
        .state
        .client
        .verify_native(&provider, &shown, &mut Trace::default())
        .await?;
    if profile.name.is_none() {
        profile.name = input.name.map(|name| name.0).filter(|name| !name.is_empty());
    }
    let grant = Grant {
        access_token: input.access_token.map(|token| token.0).unwrap_or_default(),
        ..Grant::default()
    };
    let active = match (call.caller.person(), call.caller.session()) {
        (Some(person), Some(session)) => Some(Active {
            user: person.user.id.clone(),
            session: session.clone(),
        }),
        _ => None,
    };
    let login = OAuthLogin::new(&provider.id, &profile, grant, input.access_token_expiry, active)?;
    let opened = login.into_session(&call).await?;
    SessionOpener::of(&call).answer(&call, &opened)
}
