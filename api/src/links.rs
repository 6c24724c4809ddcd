//! Redirect links to an app: checked against the project's platforms, and filled with result parameters.

use kernel::param::{BadParam, Rule};
use url::Url;

use crate::call::Base;
use crate::error::Result;

impl Base {
    /// Checks a redirect URL against the project's platforms; the error names the parameter.
    pub fn check_link(&self, name: &'static str, text: &str) -> Result<Url> {
        let checked = self.project.check_redirect(text, &self.app.own_hosts(), self.dev_key);
        Ok(checked.map_err(|refusal| BadParam::Broken(name, Rule::from(refusal.to_string())))?)
    }

    /// URL of a path on this server.
    pub fn server_url(&self, path: &str) -> String {
        let origin = self.app.settings.public_url.as_str().trim_end_matches('/');
        format!("{origin}{path}")
    }
}

/// Adds parameters to a URL that the app chose. Its own parameters stay, except those of the same names, so that the
/// app cannot mistake them for ours.
pub fn put(url: &mut Url, ours: &[(&str, &str)]) {
    let theirs: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| ours.iter().all(|(own, _)| own != name))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(theirs).extend_pairs(ours);
}
