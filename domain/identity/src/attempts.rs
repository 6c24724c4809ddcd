//! OAuth2 sign-ins in progress. Their parameters are stored here, not in the `state` parameter.
//!
//! The `state` is 32 random bytes, stored as a digest. An attempt is valid once, for 10 minutes, for one project, one
//! provider and, if it began as a navigation, one browser. Its trace records the steps of the sign-in; the project's
//! owner can read it for seven days.

use std::time::Duration;

use db::list::{Page, Queryable};
use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};
use kernel::Timestamp;
use kernel::query::{Order, Queries};
use serde_json::Value;

use crate::error::AttemptError;
use crate::ids::{AttemptId, SessionId, UserId};
use crate::{Origin, Result};

/// Lifetime of an attempt: the time for signing in at the provider.
pub const LIFE: Duration = Duration::from_secs(10 * 60);

/// Retention time of traces.
pub const TRACE_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

kernel::choices! {
    /// Result of a sign-in: a session or a token.
    pub enum AttemptKind {
        /// A session in the browser.
        Session = "session",
        /// A one-time token for the app's server.
        Token = "token",
    }
}

kernel::choices! {
    /// Outcome of a sign-in.
    pub enum Outcome {
        /// The user was redirected to the provider and has not returned yet.
        Started = "started",
        /// A session or a token was created.
        Succeeded = "succeeded",
        /// It was refused by the provider or by the server.
        Failed = "failed",
    }
}

db::text_value!(AttemptKind, AttemptKind::parse);
db::text_value!(Outcome, Outcome::parse);

db::table! {
    /// A sign-in in progress.
    pub struct Attempt in oauth_attempts as Attempts {
        /// SHA-256 of the `state`, in hexadecimal.
        pub id: String => Id,
        /// Expiry time.
        pub expire: Timestamp => Expire,
        /// The provider's ID.
        pub provider: String => Provider,
        /// Result: session or token.
        pub kind: AttemptKind => Kind,
        /// Success URL.
        pub success: String => Success,
        /// Failure URL; empty for the server's own page.
        pub failure: String => Failure,
        /// The redirect URI that was sent; the token request repeats it (RFC 6749, 4.1.3).
        pub redirect_uri: String => RedirectUri,
        /// The PKCE verifier, sealed.
        pub verifier: Option<String> => Verifier,
        /// The nonce that the id_token must contain.
        pub nonce: Option<String> => Nonce,
        /// The expected issuer (RFC 9207).
        pub issuer: Option<String> => Issuer,
        /// SHA-256 of the cookie of the browser that started the sign-in; null if it was not started by a browser.
        pub browser: Option<String> => Browser,
        /// The session that was active at the start.
        pub session_id: Option<SessionId> => SessionId,
        /// Whether a development key lifted the host check of the success and failure URLs.
        pub any_host: bool => AnyHost,
        /// Its trace.
        pub trace_id: AttemptId => TraceId,
    }
}

db::table! {
    /// Record of a sign-in. Contains no secret.
    pub struct Trace in oauth_traces as Traces {
        /// Its ID.
        pub id: AttemptId => Id,
        /// Start time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last step.
        pub updated_at: Timestamp => UpdatedAt,
        /// The provider's ID.
        pub provider: String => Provider,
        /// Requested result: session or token.
        pub kind: AttemptKind => Kind,
        /// Outcome.
        pub outcome: Outcome => Outcome,
        /// The error's type, or an empty text.
        pub error_type: String => ErrorType,
        /// The error's message.
        pub error_message: String => ErrorMessage,
        /// Error of the provider, shortened.
        pub provider_error: String => ProviderError,
        /// The steps: name, milliseconds, outcome, detail.
        pub steps: Json<Value> => Steps,
        /// The user who signed in.
        pub user_id: String => UserId,
        /// The client's address.
        pub ip: String => Ip,
        /// The client's `User-Agent`.
        pub user_agent: String => UserAgent,
    }
}

/// Stores a sign-in before the redirect to the provider, with its trace, and deletes expired attempts and traces.
pub fn start(tx: &mut Tx<'_>, attempt: &Attempt, steps: Value, origin: &Origin) -> Result<()> {
    let now = tx.now();
    tx.execute(&attempt.insert())?;
    let trace = Trace {
        id: attempt.trace_id.clone(),
        created_at: now,
        updated_at: now,
        provider: attempt.provider.clone(),
        kind: attempt.kind,
        outcome: Outcome::Started,
        error_type: String::new(),
        error_message: String::new(),
        provider_error: String::new(),
        steps: Json(steps),
        user_id: String::new(),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
    };
    tx.execute(&trace.insert())?;
    forget_old(tx)
}

/// Deletes an attempt, and returns it if it has not expired: a second call finds none.
pub fn consume(tx: &mut Tx<'_>, state: &str) -> Result<Option<Attempt>> {
    let id = secrets::digest(state);
    let by_id = Expr::col(Attempts::Id).eq(id);
    let Some(attempt) = tx.optional::<Attempt>(&Attempt::select().and_where(by_id.clone()).take())? else {
        return Ok(None);
    };
    let taken = tx.execute(&Query::delete().from_table(Attempts::Table).and_where(by_id).take())? == 1;
    Ok((taken && attempt.expire >= tx.now()).then_some(attempt))
}

/// Result of a sign-in attempt.
#[derive(Debug, Clone, Default)]
pub struct AttemptResult {
    /// The user who signed in; none when it failed.
    pub user: Option<UserId>,
    /// The error's type and message.
    pub error: Option<(String, String)>,
    /// Error reported by the provider.
    pub provider_error: String,
    /// The steps since the callback.
    pub steps: Vec<Value>,
}

/// Adds the result to the trace.
pub fn finish(tx: &mut Tx<'_>, trace: &AttemptId, ending: AttemptResult) -> Result<()> {
    let by_id = Expr::col(Traces::Id).eq(trace.as_str());
    let Some(mut trace) = tx.lock_row::<Trace>(&Trace::select().and_where(by_id).take())? else {
        return Ok(());
    };
    if let Value::Array(steps) = &mut trace.steps.0 {
        steps.extend(ending.steps);
    }
    trace.updated_at = tx.now();
    trace.outcome = if ending.error.is_none() {
        Outcome::Succeeded
    } else {
        Outcome::Failed
    };
    let (error_type, error_message) = ending.error.unwrap_or_default();
    trace.error_type = error_type;
    trace.error_message = error_message;
    trace.provider_error = ending.provider_error;
    trace.user_id = ending.user.map(String::from).unwrap_or_default();
    tx.save(&mut trace)?;
    Ok(())
}

/// Lists the retained traces, newest first by default.
pub fn list(tx: &mut Tx<'_>, mut queries: Queries) -> Result<Page<Trace>> {
    let queryable = Queryable::new(Traces::Id)
        .datetime("$createdAt", Traces::CreatedAt)
        .datetime("$updatedAt", Traces::UpdatedAt)
        .text("provider", Traces::Provider)
        .text("kind", Traces::Kind)
        .text("outcome", Traces::Outcome)
        .text("errorType", Traces::ErrorType)
        .text("userId", Traces::UserId)
        .text("ip", Traces::Ip);
    if queries.orders.is_empty() {
        queries.orders.push(Order::By {
            query: 0,
            attribute: String::new(),
            descending: true,
        });
    }
    let unexpired = Trace::select().and_where(is_kept(tx.now())).take();
    Ok(db::list::list(tx, &unexpired, &queryable, &queries)?)
}

/// Finds a trace.
pub fn find(tx: &mut Tx<'_>, id: &AttemptId) -> Result<Trace> {
    let query = Trace::select()
        .and_where(Expr::col(Traces::Id).eq(id.as_str()))
        .and_where(is_kept(tx.now()))
        .take();
    tx.optional(&query)?.ok_or(AttemptError::NotFound.into())
}

/// Condition for retained traces: old ones are deleted only when the next sign-in starts, and not shown until then.
fn is_kept(now: Timestamp) -> Expr {
    Expr::col(Traces::CreatedAt).gte(db::value(&now.minus(TRACE_LIFE)))
}

fn forget_old(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let expired = Expr::col(Attempts::Expire).lt(db::value(&now));
    tx.execute(&Query::delete().from_table(Attempts::Table).and_where(expired).take())?;
    let old = Expr::col(Traces::CreatedAt).lt(db::value(&now.minus(TRACE_LIFE)));
    tx.execute(&Query::delete().from_table(Traces::Table).and_where(old).take())?;
    Ok(())
}
