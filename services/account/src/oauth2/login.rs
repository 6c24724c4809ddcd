//! Sign-in of a user authenticated by a provider: links the identity and creates a session or a one-time token, in one
//! act.

use std::sync::Arc;
use std::time::Duration;

use api::{Act, Call, Error, Result};
use identity::identities::ProviderClaims;
use identity::linking::{self, Active, SignIn};
use identity::sessions::{self, Grant, Opened, Proof};
use identity::tokens::{self, TokenKind};
use identity::{IdentityError, SessionError, UserId, factors};
use kernel::{Email, Timestamp};
use oauth::{Login, Tokens};
use secrets::jwt;
use serde_json::json;
use views::SessionOpener;

use crate::State;
use crate::tokens::exchange::{TOKEN_JWT, TokenClaims};

/// Validity of the one-time token that the app's server exchanges for a session.
const TOKEN_LIFE: Duration = Duration::from_secs(60);

/// A user authenticated by a provider, before the session is created.
pub(crate) struct OAuthLogin {
    provider: String,
    uid: String,
    email: Option<Email>,
    email_verified: bool,
    name: Option<String>,
    grant: Grant,
    expiry: Option<Timestamp>,
    active: Option<Active>,
    multi_factor: bool,
}

impl OAuthLogin {
    /// Builds the login from a completed provider flow.
    pub(crate) fn of(call: &Call<State>, provider: &str, login: &Login, active: Option<Active>) -> Result<Self> {
        let (grant, expiry) = grant_of(&login.tokens, call.now());
        Self::new(provider, &login.profile, grant, expiry, active)
    }

    /// Builds the login from a provider's profile; an invalid e-mail address is rejected.
    pub(crate) fn new(
        provider: &str,
        profile: &oauth::Profile,
        grant: Grant,
        expiry: Option<Timestamp>,
        active: Option<Active>,
    ) -> Result<Self> {
        let email = match profile.email.as_deref() {
            Some(text) => Some(Email::new(text).ok_or(IdentityError::BadEmail)?),
            None => None,
        };
        Ok(Self {
            provider: provider.to_owned(),
            uid: profile.uid.clone(),
            email,
            email_verified: profile.email_verified,
            name: profile.name.clone(),
            grant,
            expiry,
            active,
            multi_factor: profile.is_multi_factor(),
        })
    }

    fn resolve(
        &self,
        act: &mut Act<'_, '_>,
        policy: &identity::Policy,
        console: bool,
        vault: &secrets::Vault,
    ) -> Result<(db::Locked<identity::users::User>, identity::identities::Identity)> {
        let claims = ProviderClaims {
            provider: &self.provider,
            uid: &self.uid,
            email: self.email.as_ref(),
            email_verified: self.email_verified,
            grant: &self.grant,
            expiry: self.expiry,
        };
        let sign_in = SignIn {
            claims,
            name: self.name.as_deref(),
        };
        Ok(linking::resolve(
            act,
            &sign_in,
            self.active.as_ref(),
            policy,
            console,
            vault,
        )?)
    }

    /// Creates a session, which replaces the active one.
    pub(crate) async fn into_session(self, call: &Call<State>) -> Result<Opened> {
        let opener = SessionOpener::of(call).replacing(self.active.is_some());
        let (policy, console) = (call.project.policy().clone(), call.project.is_console());
        let vault = Arc::clone(&call.app.vault);
        call.act(move |act| {
            let (user, _) = self.resolve(act, &policy, console, &vault)?;
            let proof = Proof {
                provider: self.provider,
                provider_uid: self.uid,
                factors: factors::of_provider(self.multi_factor && policy.trust_provider_mfa),
                grant: Some((self.grant, self.expiry)),
            };
            let mut opened = opener.open(act, &user.id, proof)?;
            if let Some(active) = self.active {
                identity::targets::move_to_session(act, &active.session, &opened.session.id)?;
                match sessions::find(act, &active.user, &active.session) {
                    Ok(old) => {
                        // Linking an account does not sign the user out, so second factors of the old session are kept.
                        factors::copy_proven(&old, &mut opened.session);
                        sessions::save(act, &mut opened.session)?;
                        sessions::remove(act, &old)?;
                    }
                    Err(identity::Error::Session(SessionError::NotFound)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok::<_, Error>(opened)
        })
        .await
    }

    /// Creates a one-time token. Returns the user ID and the secret, wrapped in a JWT.
    pub(crate) async fn into_token(self, call: &Call<State>) -> Result<(UserId, String)> {
        let (policy, console) = (call.project.policy().clone(), call.project.is_console());
        let (vault, origin) = (Arc::clone(&call.app.vault), call.origin());
        let secret = secrets::random::hex(128);
        let copy = secret.clone();
        let provider = self.provider.clone();
        let mfa = self.multi_factor && policy.trust_provider_mfa;
        let user = call
            .act(move |act| {
                let (user, identity) = self.resolve(act, &policy, console, &vault)?;
                let proven = Some(identity.id.as_str());
                let token = tokens::create(act, &user.id, TokenKind::OAuth2, &copy, TOKEN_LIFE, proven, &origin)?;
                let payload = json!({"$id": token.id, "userId": user.id, "expire": token.expire});
                let subject = [("users", user.id.as_str()), ("tokens", token.id.as_str())];
                act.emit(db::Event {
                    actor: Some(user.id.to_string()),
                    ..db::Event::new(subject, "create", payload)
                })?;
                Ok::<_, Error>(user.id.clone())
            })
            .await?;
        let key = call.app.vault.signing_key();
        let secret = jwt::sign(
            key,
            TOKEN_JWT,
            &TokenClaims { secret, provider, mfa },
            call.now(),
            TOKEN_LIFE.as_secs(),
        );
        Ok((user, secret))
    }
}

/// Converts a provider's tokens to the stored grant and the expiry time of the access token.
pub(crate) fn grant_of(tokens: &Tokens, now: Timestamp) -> (Grant, Option<Timestamp>) {
    let grant = Grant {
        access_token: tokens.access_token.clone(),
        refresh_token: tokens.refresh_token.clone().unwrap_or_default(),
        extras: tokens.extras.clone(),
    };
    (
        grant,
        tokens.expires_in.map(|seconds| now.plus(Duration::from_secs(seconds))),
    )
}
