//! The callback: forwards all parameters of the provider's redirect to the redirect step.

use api::input::pairs;
use api::{Call, Navigation, Reply, Result};
use http::StatusCode;
use kernel::param::Text;
use url::form_urlencoded::Serializer;

use super::SignInError;
use crate::State;

/// Maximum length of a forwarded parameter value, in bytes; Microsoft's codes are the longest known.
const MAX_VALUE: usize = 8192;

kernel::params! {
    /// Path parameters of a callback.
    pub(crate) struct CallbackPath {
        /// Provider ID.
        provider: Text<64> = "provider",
        /// Project ID.
        project_id: Text<36> = "projectId",
    }
}

/// Callback by GET: the parameters are in the query.
pub(crate) async fn by_get(call: Call<State>, path: CallbackPath) -> Result<Navigation> {
    let answer = pairs(&call.request.query);
    forward(&call, path, answer, StatusCode::MOVED_PERMANENTLY)
}

/// Callback by POST with a form (Apple). Responds with 303, so that the browser follows with a GET and without the form
/// (RFC 9700, 4.12).
pub(crate) async fn by_post(call: Call<State>, path: CallbackPath) -> Result<Navigation> {
    let body = String::from_utf8_lossy(&call.body);
    let mut answer = pairs(&call.request.query);
    answer.extend(pairs(&body));
    forward(&call, path, answer, StatusCode::SEE_OTHER)
}

fn forward(
    call: &Call<State>,
    path: CallbackPath,
    answer: Vec<(String, String)>,
    status: StatusCode,
) -> Result<Navigation> {
    if call.state.registry.get(&path.provider.0).is_none() {
        return Err(SignInError::UnknownProvider.into());
    }
    if answer.iter().any(|(_, value)| value.len() > MAX_VALUE) {
        return Err(SignInError::UnknownState.into());
    }
    let (code, others): (Vec<_>, Vec<_>) = answer
        .into_iter()
        .filter(|(name, _)| name != "project")
        .partition(|(name, _)| name == "code");
    let mut query = Serializer::new(String::new());
    query.extend_pairs(code.into_iter().chain(others));
    query.append_pair("project", &path.project_id.0);
    let origin = call.app.settings.public_url.as_str().trim_end_matches('/');
    let provider = &path.provider.0;
    let location = format!(
        "{origin}/v1/account/sessions/oauth2/{provider}/redirect?{}",
        query.finish()
    );
    Ok(Navigation(Reply::redirect(status, &location)))
}
