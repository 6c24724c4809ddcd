//! The table of operations.

mod reading;
mod schema;
mod transactions;
mod transfers;
mod writing;

use api::Endpoint;
use tables_api::State;

pub(crate) fn routes() -> Vec<Endpoint<State>> {
    let mut all = transactions::routes();
    all.extend(schema::routes());
    all.extend(reading::routes());
    all.extend(writing::routes());
    all.extend(transfers::routes());
    all
}
