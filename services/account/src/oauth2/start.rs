//! The start step: redirects the browser from the app to the provider.

use api::{Call, Navigation, Reply, Result};
use http::StatusCode;
use http::header::SET_COOKIE;
use identity::AttemptId;
use identity::attempts::{self, Attempt, AttemptKind, LIFE};
use kernel::param::{List, Text};
use oauth::{Provider, Start, Status};
use projects::oauth::credentials;
use serde_json::json;
use std::sync::Arc;

use super::{DEFAULT_FAILURE, DEFAULT_SUCCESS, SignInError, binding_cookie};
use crate::State;

kernel::params! {
    /// Parameters of an OAuth2 sign-in.
    pub(crate) struct CreateOAuth2Session {
        /// Provider ID.
        provider: Text<64> = "provider",
        /// URL to redirect to on success; a page of the server by default.
        success: Text<4096> = "success" | Text::default(),
        /// URL to redirect to on failure; a page of the server by default.
        failure: Text<4096> = "failure" | Text::default(),
        /// Scopes to request in addition to those needed for sign-in.
        scopes: List<Text<4096>> = "scopes" | List::default(),
    }
}

/// Starts a sign-in that creates a session.
pub(crate) async fn session(call: Call<State>, input: CreateOAuth2Session) -> Result<Navigation> {
    start(call, input, AttemptKind::Session).await
}

/// Starts a sign-in that creates a one-time token.
pub(crate) async fn token(call: Call<State>, input: CreateOAuth2Session) -> Result<Navigation> {
    start(call, input, AttemptKind::Token).await
}

/// Returns the provider with this ID. Test-only providers are available only with `--dev`.
pub(crate) fn provider(call: &Call<State>, id: &str) -> Result<Arc<Provider>> {
    let provider = call.state.registry.get(id).ok_or(SignInError::UnknownProvider)?;
    if provider.status == Status::TestOnly && !call.app.settings.dev {
        return Err(SignInError::Unsupported.into());
    }
    Ok(Arc::clone(provider))
}

/// The redirect URI registered at the provider. Built from the configured public URL, never from request headers.
pub(crate) fn callback_uri(call: &Call<State>, provider: &str) -> String {
    let origin = call.app.settings.public_url.as_str().trim_end_matches('/');
    format!(
        "{origin}/v1/account/sessions/oauth2/callback/{provider}/{}",
        call.project.id()
    )
}

async fn start(call: Call<State>, input: CreateOAuth2Session, kind: AttemptKind) -> Result<Navigation> {
    let provider = provider(&call, &input.provider.0)?;
    let success = target(&call, "success", &input.success.0, DEFAULT_SUCCESS)?;
    let failure = target(&call, "failure", &input.failure.0, DEFAULT_FAILURE)?;
    let configured = call.project.provider(&provider.id);
    let credentials = credentials(configured, &provider, &call.app.vault, &call.state.test_routing)?;
    let state = secrets::random::base64url::<32>();
    let request = Start {
        redirect_uri: callback_uri(&call, &provider.id),
        scopes: input.scopes.0.into_iter().map(|scope| scope.0).collect(),
        state: state.clone(),
    };
    let began = std::time::Instant::now();
    let authorization = call.state.client.authorize(&provider, &credentials, &request).await?;
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let id = secrets::digest(&state);
    let cookie = secrets::random::base64url::<32>();
    let attempt = Attempt {
        expire: call.now().plus(LIFE),
        provider: provider.id.clone(),
        kind,
        success,
        failure,
        redirect_uri: request.redirect_uri,
        verifier: authorization
            .verifier
            .as_ref()
            .map(|verifier| call.app.vault.seal(verifier, &id).0),
        nonce: authorization.nonce,
        issuer: authorization.issuer,
        browser: Some(secrets::digest(&cookie)),
        any_browser: Some(kind == AttemptKind::Token && is_of_server(&call)),
        session_id: call.caller.session().cloned(),
        any_host: call.dev_key,
        trace_id: AttemptId::generate(call.now()),
        id,
    };
    let reply = Reply::redirect(StatusCode::MOVED_PERMANENTLY, authorization.url.as_str())
        .with(SET_COOKIE, &binding_cookie(&call, &attempt.id, &cookie, LIFE));
    let steps = json!([{"name": "start", "millis": millis, "outcome": "ok", "detail": format!("sent to {}", host(&authorization.url))}]);
    let origin = call.origin();
    call.act(move |act| attempts::start(act, &attempt, steps, &origin))
        .await?;
    Ok(Navigation(reply))
}

fn host(url: &url::Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// Validates a redirect target of a sign-in; an empty text selects the server's default page.
fn target(call: &Call<State>, name: &'static str, text: &str, default: &str) -> Result<String> {
    match text {
        "" => Ok(call.server_url(default)),
        text => Ok(call.check_link(name, text)?.into()),
    }
}

/// Whether an app's server starts the sign-in: it has a key, or sends a header of the SDKs, which a browser that navigates
/// cannot send, or nothing that browsers send. The SDK for Node.js accepts `text/html` here, as a browser does.
fn is_of_server(call: &Call<State>) -> bool {
    call.caller.is_privileged() || call.request.header("x-sdk-name").is_some() || !call.request.is_of_browser()
}
