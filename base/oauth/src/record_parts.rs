//! Nested tables of a record: calls, settings, client JWT.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::provider::{CallbackParam, ClientJwt, Method, Userinfo};
use crate::reader::{Problem, Reader, Texts, problem};
use crate::settings::{Requirement, SettingsShape, Stored};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientJwtRecord {
    key: String,
    kid: String,
    iss: String,
    sub: String,
    aud: String,
    #[serde(default = "five_minutes")]
    lifetime: u32,
}

fn five_minutes() -> u32 {
    300
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct UserinfoRecord {
    role: Option<String>,
    method: Option<Method>,
    url: String,
    headers: Option<Texts>,
    query: Texts,
    body: Texts,
    optional: bool,
    #[serde(rename = "note")]
    _note: IgnoredAny,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SettingsRecord {
    id_param: Option<String>,
    secret_param: Option<String>,
    stored: Option<Stored>,
    fields: Texts,
    required: Option<Vec<String>>,
    defaults: Texts,
    aliases: Texts,
    #[serde(rename = "note")]
    _note: IgnoredAny,
}

pub(crate) fn unrestricted_params(params: &BTreeMap<String, CallbackParam>) -> Vec<String> {
    params
        .iter()
        .filter(|(_, param)| param.allow.is_empty())
        .map(|(name, _)| name.clone())
        .collect()
}

/// The names of the calls; the default is `userinfo`.
pub(crate) fn roles(calls: &[UserinfoRecord]) -> Result<Vec<String>, Problem> {
    let mut roles: Vec<String> = Vec::new();
    for call in calls {
        let role = call.role.as_deref().unwrap_or("userinfo");
        if matches!(role, "token" | "id_token" | "form") || role.is_empty() || roles.iter().any(|known| known == role) {
            return Err(problem(
                "userinfo.role",
                format!("`{role}` is taken: each call needs a name of its own"),
            ));
        }
        roles.push(role.to_owned());
    }
    Ok(roles)
}

impl UserinfoRecord {
    pub(crate) fn read(self, reader: &Reader) -> Result<Userinfo, Problem> {
        let bearer = || Texts::from([("Authorization".to_owned(), "Bearer {access_token}".to_owned())]);
        let method = self.method.unwrap_or(Method::Get);
        if !self.body.is_empty() && method == Method::Get {
            return Err(problem("userinfo.body", "goes with `method = \"POST\"`"));
        }
        Ok(Userinfo {
            role: self.role.unwrap_or_else(|| "userinfo".into()),
            method,
            url: reader.url("userinfo.url", &self.url)?,
            headers: reader.templates("userinfo.headers", &self.headers.unwrap_or_else(bearer))?,
            query: reader.templates("userinfo.query", &self.query)?,
            body: reader.templates("userinfo.body", &self.body)?,
            optional: self.optional,
        })
    }
}

impl ClientJwtRecord {
    pub(crate) fn read(self, reader: &Reader) -> Result<ClientJwt, Problem> {
        Ok(ClientJwt {
            key: reader.template("client_jwt.key", &self.key)?,
            kid: reader.template("client_jwt.kid", &self.kid)?,
            iss: reader.template("client_jwt.iss", &self.iss)?,
            sub: reader.template("client_jwt.sub", &self.sub)?,
            aud: reader.template("client_jwt.aud", &self.aud)?,
            lifetime: self.lifetime,
        })
    }
}

impl SettingsRecord {
    pub(crate) fn into_shape(self) -> Result<SettingsShape, Problem> {
        let id_param = self.id_param.unwrap_or_else(|| "clientId".into());
        let secret_param = self.secret_param.unwrap_or_else(|| "clientSecret".into());
        let stored = self.stored.unwrap_or(if self.fields.is_empty() {
            Stored::Plain
        } else {
            Stored::Json
        });
        if stored == Stored::Plain && !self.fields.is_empty() {
            return Err(problem("settings.stored", "must be \"json\" when there are `fields`"));
        }
        let required = match self.required {
            Some(required) => required.iter().map(|text| Requirement::parse(text)).collect(),
            None => [&id_param, &secret_param]
                .into_iter()
                .map(|name| Requirement::parse(name))
                .collect::<Vec<_>>(),
        };
        let shape = SettingsShape {
            secret_param: Some(secret_param).filter(|name| !name.is_empty()),
            id_param,
            stored,
            fields: self.fields,
            required,
            defaults: self.defaults,
            aliases: self.aliases,
        };
        let parameters = shape.parameters();
        for name in shape.required.iter().flat_map(Requirement::names) {
            if !parameters.contains(&name) {
                return Err(problem(
                    "settings.required",
                    format!("`{name}` is none of {}", parameters.join(", ")),
                ));
            }
        }
        for (key, maps) in [
            ("defaults", shape.defaults.keys().collect()),
            ("aliases", shape.aliases.values().collect::<Vec<_>>()),
        ] {
            if let Some(stray) = maps
                .into_iter()
                .find(|name| !shape.fields.values().any(|stored| &stored == name))
            {
                return Err(problem(
                    &format!("settings.{key}"),
                    format!("`{stray}` is no stored key of `fields`"),
                ));
            }
        }
        Ok(shape)
    }
}
