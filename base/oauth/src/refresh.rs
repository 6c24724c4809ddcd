//! Refresh of access tokens (RFC 6749 6, RFC 9700 4.14).

use crate::client::{Client, ProviderCall, location};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::metadata::Endpoint;
use crate::provider::{ClientAuth, Provider, Refresh};
use crate::token_call::Grant;
use crate::tokens::Tokens;
use crate::trace::Trace;

impl Client {
    /// Refreshes tokens with the refresh token, or, if the record says `exchange`, with the access token. The returned
    /// refresh token is the new one, or the old one if the provider sent none; `extras` are unchanged.
    pub async fn refresh(
        &self,
        provider: &Provider,
        credentials: &Credentials,
        tokens: &Tokens,
        trace: &mut Trace,
    ) -> Result<Tokens, Error> {
        self.provider_call(provider, credentials).refresh(tokens, trace).await
    }
}

impl ProviderCall<'_> {
    async fn refresh(&self, tokens: &Tokens, trace: &mut Trace) -> Result<Tokens, Error> {
        let provider = self.provider;
        let old = tokens.refresh_token.as_deref().filter(|token| !token.is_empty());
        let unsupported = || Error::Unsupported(provider.name.clone());
        let mut params = Vec::new();
        match provider.refresh {
            Refresh::None => return Err(unsupported()),
            Refresh::Exchange if tokens.access_token.is_empty() => return Err(unsupported()),
            Refresh::Exchange => {}
            _ => {
                params.push(("grant_type", "refresh_token".to_owned()));
                params.push(("refresh_token", old.ok_or_else(unsupported)?.to_owned()));
            }
        }
        let extras = self.extras(|name| tokens.extras.get(name).map(String::as_str))?;
        let values = self
            .credentials
            .values()
            .with("access_token", &tokens.access_token)
            .with("refresh_token", old.unwrap_or_default())
            .with_extras(&extras);
        let template = provider.refresh_url.as_ref().or(provider.token_url.as_ref());
        let url = self.endpoint(Endpoint::Token, template, &values, trace).await?;
        if provider.client_auth == ClientAuth::PerDiscovery {
            self.metadata(trace).await?;
        }
        let location = location(&url);
        let secrets = old.into_iter().chain([tokens.access_token.as_str()]).collect();
        let grant = Grant {
            url,
            params,
            more: &provider.refresh_params,
            values,
            secrets,
        };
        let mut inner = Trace::default();
        let step = trace.start("refresh");
        match self.token_call(grant, &mut inner).await {
            Ok(reply) => {
                step.ok(location);
                let mut fresh = reply.tokens;
                fresh.refresh_token = fresh.refresh_token.or_else(|| old.map(str::to_owned));
                // It is not verified and not needed.
                fresh.id_token = None;
                fresh.extras = tokens.extras.clone();
                Ok(fresh)
            }
            Err(error) => Err(step.fail(error)),
        }
    }
}
