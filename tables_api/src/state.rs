//! State shared by the handlers, and their access to rows.

use std::sync::{Arc, LazyLock};

use api::{Act, Call, Caller};
use db::Tx;
use kernel::permission::Roles;
use records::{Access, Catalog, Principal, Records};

use crate::Vocabulary;

/// The state of both services.
#[derive(Debug, Clone)]
pub struct State {
    /// Cached tables, and the keys of encrypted columns.
    pub records: Records,
}

/// Roles of guests.
static GUEST: LazyLock<Arc<Roles>> = LazyLock::new(|| Arc::new(Roles::new(identity::roles::of_guest())));

/// Permissions of the caller on rows.
pub(crate) fn access(call: &Call<State>) -> Access {
    match &call.caller {
        Caller::Key { .. } | Caller::Admin { .. } => Access::Server,
        Caller::User { person, .. } => Access::Client(Principal {
            roles: Arc::clone(&person.roles),
            user: Some(person.user.id.to_string()),
        }),
        Caller::Guest => Access::Client(Principal {
            roles: Arc::clone(&GUEST),
            user: None,
        }),
    }
}

/// The catalog of the addressed project.
pub(crate) fn catalog(call: &Call<State>) -> Catalog {
    call.state.records.of(call.db.name())
}

/// Runs an act of a few lookups by key, and converts its errors to the caller's vocabulary.
pub(crate) async fn read_inline<W: Vocabulary, T: Send + 'static>(
    call: &Call<State>,
    act: impl FnOnce(&mut Tx<'_>) -> records::Result<T> + Send + 'static,
) -> api::Result<T> {
    call.db
        .read_inline(move |tx| act(tx).map_err(|error| api::Error::from(error.in_vocabulary(W::VOCABULARY))))
        .await
}

/// Runs a read-only act, and converts its errors to the caller's vocabulary.
pub(crate) async fn read<W: Vocabulary, T: Send + 'static>(
    call: &Call<State>,
    act: impl FnOnce(&mut Tx<'_>) -> records::Result<T> + Send + 'static,
) -> api::Result<T> {
    call.read(move |tx| act(tx).map_err(|error| error.in_vocabulary(W::VOCABULARY)))
        .await
}

/// Runs an act atomically: `work` makes the changes, `after` records events and builds the reply. Errors are converted
/// to the caller's vocabulary.
pub(crate) async fn act<W: Vocabulary, T: Send + 'static, R: Send + 'static>(
    call: &Call<State>,
    work: impl FnOnce(&mut Tx<'_>) -> records::Result<T> + Send + 'static,
    after: impl FnOnce(&mut Act<'_, '_>, T) -> api::Result<R> + Send + 'static,
) -> api::Result<R> {
    call.act(move |act| {
        let done = work(act).map_err(|error| error.in_vocabulary(W::VOCABULARY))?;
        after(act, done)
    })
    .await
}

/// Like [`act`], for an act that can be retried after a conflict.
pub(crate) async fn act_repeated<T: Send + 'static>(
    call: &Call<State>,
    work: impl FnMut(&mut Act<'_, '_>) -> api::Result<T> + Send + 'static,
) -> api::Result<T> {
    call.act_repeated(work).await
}

/// Converts an error to the caller's vocabulary.
pub(crate) fn into_api_error<W: Vocabulary, T>(result: records::Result<T>) -> api::Result<T> {
    result.map_err(|error| error.in_vocabulary(W::VOCABULARY).into())
}
