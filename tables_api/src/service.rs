//! Shared parts of both database services, declared by `tablesdb`: migrations, jobs, and usage counts of reads and
//! writes.

use std::time::Duration;

use api::Service;
use api::service::{In, Queue};

use crate::State;

/// Queue of work on tables: each job may hold a file in memory, and a project may use half of the slots.
const TABLES: Queue = Queue {
    name: "tables",
    options: || jobs::Options {
        concurrency: 8,
        per_database: 4,
        ..jobs::Options::default()
    },
};
/// Interval at which usage counts are stored.
const USAGE: Duration = Duration::from_secs(60);

/// Adds these parts to a service.
pub fn add_to(service: Service, state: &State) -> Service {
    let (work, transfers) = (state.records.clone(), state.records.clone());
    let (counting, counted) = (state.records.clone(), state.records.clone());
    service
        .tables(In::Projects, records::migrations::MIGRATIONS)
        .names_roles(|tx, role| {
            Ok(records::roles::is_named(tx, role).map_err(|error| error.in_vocabulary(records::Vocabulary::Tables))?)
        })
        .jobs(TABLES, ("v1-database", records::work::JOBS), move |worker, _| {
            records::work::register(worker, &work)
        })
        .jobs(
            TABLES,
            ("v1-migrations", records::transfer::work::JOBS),
            move |worker, _| records::transfer::work::register(worker, &transfers),
        )
        .task(move |app| {
            let records = counting.clone();
            async move {
                loop {
                    tokio::time::sleep(USAGE).await;
                    records.meter().flush_all(&app.engine).await;
                }
            }
        })
        .at_stop(move |app| {
            let records = counted.clone();
            async move { records.meter().flush_all(&app.engine).await }
        })
}
