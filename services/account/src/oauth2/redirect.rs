//! The redirect step: the last step of a sign-in, on the server's own origin.

use api::input::pairs;
use api::links::put;
use api::{Call, Error, Navigation, Reply, Result, cookies};
use http::StatusCode;
use http::header::SET_COOKIE;
use identity::UserId;
use identity::attempts::{self, Attempt, AttemptKind, AttemptResult};
use identity::linking::Active;
use identity::sessions::Opened;
use kernel::param::Text;
use oauth::{Callback, Provider, Trace};
use projects::oauth::credentials;
use secrets::Sealed;
use url::Url;

use super::login::OAuthLogin;
use super::start::provider;
use super::{DEFAULT_FAILURE, DEFAULT_SUCCESS, SignInError, binding_cookie};
use crate::State;

kernel::params! {
    /// Parameters of the redirect step.
    pub(crate) struct RedirectParams {
        /// Provider ID.
        provider: Text<64> = "provider",
    }
}

/// Completes a sign-in: consumes the attempt, fetches the user's profile from the provider, creates the session or
/// token, and redirects to the app.
pub(crate) async fn finish(call: Call<State>, input: RedirectParams) -> Result<Navigation> {
    let provider = provider(&call, &input.provider.0)?;
    let params = pairs(&call.request.query);
    let attempt = consume(&call, &provider, &params).await?;
    // Errors before this line are shown by the server, since no redirect target is validated yet; later errors are sent
    // to the failure URL.
    let (success, failure) = targets(&call, &attempt)?;
    let mut trace = Trace::default();
    let outcome = sign_in(&call, &provider, &attempt, params, &mut trace).await;
    let steps = trace
        .steps
        .iter()
        .filter_map(|step| serde_json::to_value(step).ok())
        .collect();
    let binding = attempt
        .browser
        .is_some()
        .then(|| remove_binding_cookie(&call, &attempt.id));
    let reply = match outcome {
        Ok(end) => {
            store_result(
                &call,
                &attempt,
                AttemptResult {
                    user: Some(end.user().clone()),
                    steps,
                    ..AttemptResult::default()
                },
            )
            .await;
            end.redirect_to_app(&call, success)?
        }
        Err(Failed { error, provider_error }) => {
            if error.status() == StatusCode::INTERNAL_SERVER_ERROR {
                tracing::error!(provider = provider.id, error = error.chain(), "a sign-in failed");
            }
            let error_info = (error.type_name().to_owned(), error.message().into_owned());
            store_result(
                &call,
                &attempt,
                AttemptResult {
                    error: Some(error_info),
                    provider_error,
                    steps,
                    user: None,
                },
            )
            .await;
            redirect_to_failure(&call, failure, &error, &attempt)
        }
    };
    Ok(Navigation(
        binding
            .into_iter()
            .fold(reply, |reply, cookie| reply.with(SET_COOKIE, &cookie)),
    ))
}

/// Deletes the attempt and checks that it is not expired and belongs to this provider, this project (it is stored in
/// the project's database) and this browser. The attempt is deleted even if a check fails.
async fn consume(call: &Call<State>, provider: &Provider, params: &[(String, String)]) -> Result<Attempt> {
    // RFC 6749, 3.1: parameters must not be included more than once.
    let has_duplicate = ["state", "code", "iss", "error"]
        .into_iter()
        .any(|name| params.iter().filter(|(key, _)| key == name).count() > 1);
    let state = params
        .iter()
        .find(|(name, _)| name == "state")
        .map(|(_, value)| value.clone());
    let state = state
        .filter(|state| !state.is_empty() && state.len() <= 2048)
        .ok_or(SignInError::UnknownState)?;
    let attempt = call
        .act(move |act| attempts::consume(act, &state))
        .await?
        .ok_or(SignInError::UnknownState)?;
    let same_browser = match &attempt.browser {
        Some(digest) => {
            let presented = call.request.cookie(&binding_cookie(&attempt.id)).map(secrets::digest);
            presented.is_some_and(|presented| secrets::same(&presented, digest))
        }
        None => true,
    };
    let error = if has_duplicate {
        SignInError::DuplicateParameter
    } else if attempt.provider != provider.id || !same_browser {
        SignInError::UnknownState
    } else {
        return Ok(attempt);
    };
    let error = Error::from(error);
    let error_info = (error.type_name().to_owned(), error.message().into_owned());
    store_result(
        call,
        &attempt,
        AttemptResult {
            error: Some(error_info),
            ..AttemptResult::default()
        },
    )
    .await;
    Err(error)
}

/// Redirect targets of the sign-in, checked against the current platforms: a host whose platform was removed since the
/// start is rejected.
fn targets(call: &Call<State>, attempt: &Attempt) -> Result<(Url, Url)> {
    let own = call.app.own_hosts();
    let check = |text: &str| call.project.check_redirect(text, &own, attempt.any_host);
    let success = check(&attempt.success).map_err(|_| SignInError::BadSuccess)?;
    let failure = check(&attempt.failure).map_err(|_| SignInError::BadFailure)?;
    Ok((success, failure))
}

/// A failed sign-in: the error, and the provider's error text.
struct Failed {
    error: Error,
    provider_error: String,
}

impl<E: Into<Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            provider_error: String::new(),
        }
    }
}

async fn sign_in(
    call: &Call<State>,
    provider: &Provider,
    attempt: &Attempt,
    params: Vec<(String, String)>,
    trace: &mut Trace,
) -> std::result::Result<LoginResult, Failed> {
    let configured = call.project.provider(&provider.id);
    let credentials = credentials(configured, provider, &call.app.vault, &call.state.test_routing)?;
    let verifier = match &attempt.verifier {
        Some(sealed) => Some(
            call.app
                .vault
                .open(&Sealed(sealed.clone()), &attempt.id)
                .map_err(identity::Error::from)?,
        ),
        None => None,
    };
    let callback = Callback {
        code: params
            .iter()
            .find(|(name, _)| name == "code")
            .map(|(_, code)| code.clone())
            .unwrap_or_default(),
        redirect_uri: attempt.redirect_uri.clone(),
        verifier,
        nonce: attempt.nonce.clone(),
        issuer: attempt.issuer.clone(),
        params,
    };
    let login = call
        .state
        .client
        .exchange(provider, &credentials, &callback, trace)
        .await
        .map_err(|error| Failed {
            provider_error: error.reason().map(ToString::to_string).unwrap_or_default(),
            error: error.into(),
        })?;
    let end = OAuthLogin::of(call, &provider.id, &login, active(call, attempt))?;
    Ok(match attempt.kind {
        AttemptKind::Session => LoginResult::Session(Box::new(end.into_session(call).await?)),
        AttemptKind::Token => {
            let (user, secret) = end.into_token(call).await?;
            LoginResult::Token { user, secret }
        }
    })
}

/// The session to which the provider account may be linked: it was active at the start, in the same browser, and still
/// is. Without this check an attacker could link their provider account to the user who opens a link (CSRF; RFC 9700,
/// 4.7).
fn active(call: &Call<State>, attempt: &Attempt) -> Option<Active> {
    let session = attempt.session_id.as_ref().filter(|_| attempt.browser.is_some())?;
    let person = call
        .caller
        .person()
        .filter(|_| call.caller.session() == Some(session))?;
    Some(Active {
        user: person.user.id.clone(),
        session: session.clone(),
    })
}

/// Outcome of a sign-in.
enum LoginResult {
    Session(Box<Opened>),
    Token { user: UserId, secret: String },
}

impl LoginResult {
    fn user(&self) -> &UserId {
        match self {
            Self::Session(opened) => &opened.session.user_id,
            Self::Token { user, .. } => user,
        }
    }

    fn redirect_to_app(self, call: &Call<State>, mut success: Url) -> Result<Reply> {
        let opened = match self {
            Self::Token { user, secret } => {
                put(&mut success, &[("secret", &secret), ("userId", user.as_str())]);
                return Ok(Reply::redirect(StatusCode::MOVED_PERMANENTLY, success.as_str()));
            }
            Self::Session(opened) => opened,
        };
        // The default success page passes the session to a native app in the URL, since the app has none of the
        // server's cookies.
        if is_own(call, &success, DEFAULT_SUCCESS) {
            let key = cookies::session_cookie(call.project.id());
            let domain = call.app.settings.public_url.host_str().unwrap_or_default().to_owned();
            let project = call.project.id().as_str();
            put(
                &mut success,
                &[
                    ("project", project),
                    ("domain", &domain),
                    ("key", &key),
                    ("secret", &opened.token),
                ],
            );
        }
        let reply = Reply::redirect(StatusCode::MOVED_PERMANENTLY, success.as_str());
        let headers = cookies::open(&call.app, &call.project, &call.request, &opened);
        Ok(headers
            .into_iter()
            .fold(reply, |reply, (name, value)| reply.with(name, &value)))
    }
}

fn is_own(call: &Call<State>, url: &Url, path: &str) -> bool {
    url.origin() == call.app.settings.public_url.origin() && url.path() == path
}

fn redirect_to_failure(call: &Call<State>, mut failure: Url, error: &Error, attempt: &Attempt) -> Reply {
    if is_own(call, &failure, DEFAULT_FAILURE) {
        let project = call.project.id().as_str();
        put(
            &mut failure,
            &[("project", project), ("attempt", attempt.trace_id.as_str())],
        );
    }
    put(&mut failure, &[("error", &error.to_redirect_json().to_string())]);
    Reply::redirect(StatusCode::MOVED_PERMANENTLY, failure.as_str())
}

/// Removes the binding cookie, which is no longer needed.
fn remove_binding_cookie(call: &Call<State>, attempt: &str) -> String {
    let secure = if call.app.settings.public_url.scheme() == "https" {
        "; Secure"
    } else {
        ""
    };
    format!(
        "{}=; Path=/v1/account/sessions/oauth2/; Max-Age=0; HttpOnly; SameSite=Lax{secure}",
        binding_cookie(attempt)
    )
}

/// Stores the result of a sign-in in its trace. If that fails, the sign-in is still valid.
async fn store_result(call: &Call<State>, attempt: &Attempt, result: AttemptResult) {
    let trace = attempt.trace_id.clone();
    let written: Result<()> = call.act(move |act| attempts::finish(act, &trace, result)).await;
    if let Err(error) = written {
        tracing::warn!(error = error.chain(), "a sign-in's trace could not be written");
    }
}
