//! Native sign-in: a mobile app gets an ID token from Google or Apple and sends it to the server.

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
    /// Parameters of a native sign-in.
    pub(crate) struct CreateNativeToken {
        /// Provider ID: `apple` or `google`.
        provider: Text<64> = "provider",
        /// ID token issued by the provider.
        id_token: Text<16384, 1> = "idToken",
        /// Nonce chosen by the app; required if the ID token contains one.
        nonce: Option<Text<1024, 1>> = "nonce",
        /// Access token of the provider.
        access_token: Option<Text<8192>> = "accessToken",
        /// Expiry time of the access token.
        access_token_expiry: Option<Timestamp> = "accessTokenExpiry",
        /// User name; Apple sends it only to the app, and only at the first sign-in.
        name: Option<Text<128>> = "name",
    }
}

/// Signs in with an ID token. If the caller has a session, the provider account is linked to the caller's user.
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
        // The client ID of the web app is always an accepted audience.
        credentials(Some(configured), &provider, &call.app.vault, &call.state.test_routing)?;
        audiences.push(configured.app_id.clone());
    }
    let test_routing = &call.state.test_routing;
    let origin = test_routing.test_origin.as_ref().or(test_routing
        .dev_origin
        .as_ref()
        .filter(|_| configured.app_id == projects::oauth::DEV_APP_ID));
    let presented = NativeSignIn {
        audiences: &audiences,
        id_token: &input.id_token.0,
        nonce: input.nonce.as_ref().map(|nonce| nonce.0.as_str()),
        origin: origin.cloned(),
    };
    let mut profile = call
        .state
        .client
        .verify_native(&provider, &presented, &mut Trace::default())
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
