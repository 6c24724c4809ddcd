//! Acts on rows, executed immediately or staged in a transaction, with the audit entry of the request.

use api::{Act, Call, Result};
use kernel::Timestamp;
use records::acts::{self, Author, Outcome, Target};
use records::rows::Step;
use records::{RowId, Table, TransactionId};

use super::numbers;
use crate::Vocabulary;
use crate::state::{State, access, act_repeated, catalog, into_api_error};

/// The only row of an outcome.
pub(crate) fn one(mut outcome: Outcome) -> Vec<u8> {
    outcome.rows.pop().unwrap_or_default()
}

/// The rows of an outcome as a JSON list.
pub(crate) fn list<W: Vocabulary>(outcome: &Outcome) -> Vec<u8> {
    let mut out = format!("{{\"total\":{},\"{}\":[", outcome.total, W::ROWS).into_bytes();
    out.extend(outcome.rows.join(&b','));
    out.extend_from_slice(b"]}");
    out
}

/// Executes a step, or stages it if a transaction is given.
pub(crate) async fn run<W: Vocabulary>(
    call: &Call<State>,
    (target, transaction): (Target, Option<TransactionId>),
    step: Step,
) -> Result<Outcome> {
    let author = author::<W>(call)?;
    let mut outcome = match transaction {
        Some(id) => stage::<W>(call, author, (id, target), step).await?,
        None => at_once::<W>(call, author, target, step).await?,
    };
    for row in &mut outcome.rows {
        *row = numbers::fit(call, std::mem::take(row));
    }
    Ok(outcome)
}

/// Author of a write: the caller, with the time of the header `X-Appwrite-Timestamp`.
pub(crate) fn author<W: Vocabulary>(call: &Call<State>) -> Result<Author> {
    Ok(Author {
        actor: call.caller.person().map(|person| person.user.id.to_string()),
        access: access(call),
        vocabulary: W::VOCABULARY,
        read_at: read_at(call)?,
    })
}

async fn at_once<W: Vocabulary>(call: &Call<State>, author: Author, target: Target, step: Step) -> Result<Outcome> {
    let catalog = catalog(call);
    act_repeated(call, move |act| {
        let done = acts::run(act, &catalog, &author, &target, &step);
        let (table, outcome) = into_api_error::<W, _>(done)?;
        audited::<W>(act, &table, step.row())?;
        Ok(outcome)
    })
    .await
}

async fn stage<W: Vocabulary>(
    call: &Call<State>,
    author: Author,
    (id, target): (TransactionId, Target),
    step: Step,
) -> Result<Outcome> {
    let catalog = catalog(call);
    act_repeated(call, move |act| {
        into_api_error::<W, _>(acts::stage(act, &catalog, &author, (&id, &target), &step))
    })
    .await
}

/// Writes the endpoint's audit entry for one or several rows.
fn audited<W: Vocabulary>(act: &mut Act<'_, '_>, table: &Table, row: Option<&RowId>) -> Result<()> {
    let position = [
        ("databaseId", table.database.as_str()),
        (W::TABLE_ID, table.id.as_str()),
    ];
    match row {
        Some(row) => act.audited(&[position[0], position[1], (W::ROW_ID, row.as_str())]),
        None => act.audited(&position),
    }
}

/// The time at which the caller read the rows that it changes, from the header `X-Appwrite-Timestamp`.
fn read_at(call: &Call<State>) -> Result<Option<Timestamp>> {
    let Some(text) = call.request.header("x-appwrite-timestamp") else {
        return Ok(None);
    };
    Timestamp::read(text).map(Some).map_err(|error| {
        api::Refusal::Argument(format!("Invalid X-Appwrite-Timestamp header value: {}", error.rule())).into()
    })
}
