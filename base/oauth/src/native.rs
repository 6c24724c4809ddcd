//! Sign-in with an id_token that a native app got from Google's or Apple's own library.

use outbound::Url;

use crate::client::Client;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::expression::Documents;
use crate::id_token::{ExpectedClaims, Failure};
use crate::profile::describe;
use crate::provider::{NativeNonce, Provider};
use crate::tokens::Profile;
use crate::trace::Trace;

/// An id_token from an app, and its expected claims.
#[derive(Clone, Default)]
pub struct NativeSignIn<'a> {
    /// Client ids of the project's apps; the token's audience must be one of them.
    pub audiences: &'a [String],
    /// The token.
    pub id_token: &'a str,
    /// The nonce chosen by the app; required if the token has one.
    pub nonce: Option<&'a str>,
    /// The test origin; see [`Credentials::with_origin`].
    pub origin: Option<Url>,
}

impl Client {
    /// Verifies the token and reads the profile from its claims.
    pub async fn verify_native(
        &self,
        provider: &Provider,
        sign_in: &NativeSignIn<'_>,
        trace: &mut Trace,
    ) -> Result<Profile, Error> {
        let native = provider
            .native
            .ok_or_else(|| Error::Unsupported(provider.name.clone()))?;
        let credentials = Credentials::public().with_origin(sign_in.origin.clone());
        let provider_call = self.provider_call(provider, &credentials);
        let nonce = sign_in
            .nonce
            .filter(|nonce| !nonce.is_empty())
            .map(|nonce| match native.nonce {
                NativeNonce::Plain => nonce.to_owned(),
                NativeNonce::Sha256Hex => hex::encode(ring::digest::digest(&ring::digest::SHA256, nonce.as_bytes())),
            });
        let expected = ExpectedClaims {
            audiences: sign_in.audiences,
            nonce: nonce.as_deref(),
        };
        let verified = provider_call.verify(sign_in.id_token, &expected, trace).await;
        let step = trace.start("id_token");
        let claims = match verified {
            Ok(Some(claims)) => claims,
            Ok(None) => return Err(step.fail(provider_call.problem("nothing tells the issuer of its id_tokens"))),
            Err(Failure::Token(flaw)) => return Err(step.fail(Error::IdToken(format!("it {flaw}")))),
            Err(Failure::Provider(error)) => return Err(step.fail(error)),
        };
        if nonce.is_none()
            && claims
                .get("nonce")
                .and_then(serde_json::Value::as_str)
                .is_some_and(|nonce| !nonce.is_empty())
        {
            return Err(step.fail(Error::IdToken("it has a nonce, and the app sent none".into())));
        }
        let mut documents = Documents::default();
        documents.add("id_token", claims);
        match crate::profile::read(provider, &documents) {
            Ok(profile) => {
                step.ok(describe(&profile));
                Ok(profile)
            }
            Err(error) => Err(step.fail(error)),
        }
    }
}
