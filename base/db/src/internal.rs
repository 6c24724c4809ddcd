//! The tables of the engine itself, which every database has.

use sea_query::{Alias, ColumnDef, Expr, Index, Table};

use crate::{Dialect, Error, Migration, Schema};

/// Table of applied migrations, created before all others.
pub(crate) const APPLIED: &str = "CREATE TABLE IF NOT EXISTS _migrations (name text NOT NULL PRIMARY KEY)";

/// The migrations of the engine itself.
pub(crate) const INTERNAL: &[Migration] = &[
    Migration {
        name: "2026-11-21-engine-events",
        up: events,
    },
    Migration {
        name: "2026-11-21-engine-jobs",
        up: jobs,
    },
    Migration {
        name: "2026-11-22-engine-event-readers",
        up: readers,
    },
    Migration {
        name: "2026-11-30-engine-log",
        up: log,
    },
    Migration {
        name: "2026-11-30-engine-schedules",
        up: schedules,
    },
];

fn name(text: &'static str) -> Alias {
    Alias::new(text)
}

fn seq() -> ColumnDef {
    ColumnDef::new(name("seq"))
        .big_integer()
        .not_null()
        .auto_increment()
        .primary_key()
        .take()
}

fn events(schema: &mut Schema<'_>) -> Result<(), Error> {
    let seq = match schema.dialect() {
        // The rowid itself: it increases as long as the newest row is kept, which the log ensures, and avoids a second
        // write per event to SQLite's `sqlite_sequence`.
        Dialect::Sqlite => ColumnDef::new(name("seq")).integer().not_null().primary_key().take(),
        Dialect::Postgres => seq(),
    };
    let log = Table::create()
        .table(name("_events"))
        .col(seq)
        .col(ColumnDef::new(name("name")).text().not_null())
        .col(ColumnDef::new(name("payload")).json().not_null())
        .col(ColumnDef::new(name("actor")).text())
        .col(ColumnDef::new(name("time")).timestamp_with_time_zone().not_null())
        .take();
    schema.run(&log)
}

fn readers(schema: &mut Schema<'_>) -> Result<(), Error> {
    let log = Table::alter()
        .table(name("_events"))
        .add_column(ColumnDef::new(name("readers")).text())
        .take();
    schema.run(&log)
}

/// The log with structured entries and safe positions. The entries of the former table are dropped with it: it had no
/// reader yet.
fn log(schema: &mut Schema<'_>) -> Result<(), Error> {
    schema.run(&Table::drop().table(name("_events")).take())?;
    let mut log = Table::create();
    log.table(name("_log"));
    if schema.dialect() == Dialect::Postgres {
        let xact = "pg_current_xact_id()::text::bigint";
        log.col(
            ColumnDef::new(name("xact"))
                .big_integer()
                .not_null()
                .default(Expr::cust(xact)),
        );
        log.col(ColumnDef::new(name("seq")).big_integer().not_null().auto_increment());
        log.primary_key(Index::create().col(name("xact")).col(name("seq")));
    } else {
        // The rowid itself: it increases as long as the newest row is kept, which the log ensures, and avoids a second
        // write per entry to SQLite's `sqlite_sequence`.
        log.col(ColumnDef::new(name("seq")).integer().not_null().primary_key());
    }
    log.col(ColumnDef::new(name("time")).timestamp_with_time_zone().not_null())
        .col(ColumnDef::new(name("subject")).text().not_null())
        .col(ColumnDef::new(name("action")).text().not_null())
        .col(ColumnDef::new(name("legacy")).boolean().not_null())
        .col(ColumnDef::new(name("actor")).text())
        .col(ColumnDef::new(name("readers")).text())
        .col(ColumnDef::new(name("size")).big_integer().not_null())
        .col(ColumnDef::new(name("payload")).json().not_null());
    schema.run(&log.take())?;
    let positions = Table::create()
        .table(name("_log_positions"))
        .col(ColumnDef::new(name("consumer")).text().not_null().primary_key())
        .col(ColumnDef::new(name("xact")).big_integer().not_null())
        .col(ColumnDef::new(name("seq")).big_integer().not_null())
        .col(ColumnDef::new(name("time")).timestamp_with_time_zone().not_null())
        .take();
    schema.run(&positions)
}

/// Due times of schedules; rows exist in the console's database only.
fn schedules(schema: &mut Schema<'_>) -> Result<(), Error> {
    let schedules = Table::create()
        .table(name("_schedules"))
        .col(ColumnDef::new(name("name")).text().not_null().primary_key())
        .col(ColumnDef::new(name("due")).timestamp_with_time_zone().not_null())
        .take();
    schema.run(&schedules)
}

fn jobs(schema: &mut Schema<'_>) -> Result<(), Error> {
    let jobs = Table::create()
        .table(name("_jobs"))
        .col(seq())
        .col(ColumnDef::new(name("kind")).text().not_null())
        .col(ColumnDef::new(name("payload")).json().not_null())
        .col(ColumnDef::new(name("state")).text().not_null())
        .col(ColumnDef::new(name("attempts")).big_integer().not_null())
        .col(ColumnDef::new(name("due")).timestamp_with_time_zone().not_null())
        .col(ColumnDef::new(name("error")).text())
        .col(ColumnDef::new(name("created")).timestamp_with_time_zone().not_null())
        .take();
    schema.run(&jobs)?;
    let due = Index::create()
        .name("_jobs_due")
        .table(name("_jobs"))
        .col(name("state"))
        .col(name("due"))
        .take();
    schema.run(&due)
}
