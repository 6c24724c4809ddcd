//! Links that lead back to an app: checked against the project's platforms, and filled with what the app is to know.

use kernel::param::{BadParam, Rule};
use url::Url;

use crate::call::Base;
use crate::error::Result;

impl Base {
    /// Checks where a person is to be led; a refusal names the parameter.
    pub fn check_link(&self, name: &'static str, text: &str) -> Result<Url> {
        let checked = self.project.check_redirect(text, &self.app.own_hosts(), self.dev_key);
        Ok(checked.map_err(|refusal| BadParam::Broken(name, Rule::from(refusal.to_string())))?)
    }

    /// A page of our own.
    pub fn own_link(&self, path: &str) -> String {
        let origin = self.app.settings.public_url.as_str().trim_end_matches('/');
        format!("{origin}{path}")
    }
}

/// Puts parameters into a URL that the app chose: what it wrote itself stays, save under these names, which it could only
/// mistake for ours.
pub fn put(url: &mut Url, ours: &[(&str, &str)]) {
    let theirs: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| ours.iter().all(|(own, _)| own != name))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(theirs).extend_pairs(ours);
}
