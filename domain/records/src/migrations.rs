//! The catalog of databases, tables, columns and indexes, in a project's database.

use db::columns::{flag, id, index, json, number, optional_text, optional_time, text, time};
use db::sea_query::{ColumnDef, Iden, Index, IntoTableRef, Table};
use db::{Dialect, Error, Migration, Schema};

use crate::columns::Columns;
use crate::databases::Databases;
use crate::indexes::Indexes;
use crate::tables::Tables;
use crate::transactions::{Staged, Transactions};
use crate::transfer::Transfers;
use crate::transfer::parts::TransferParts;
use crate::usage::Usage;

/// Migrations of a project's database for databases, tables and rows.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "2026-11-21-records-catalog",
        up: catalog,
    },
    Migration {
        name: "2026-11-21-records-transfers",
        up: transfers,
    },
    Migration {
        name: "2026-11-21-records-transactions",
        up: transactions,
    },
    Migration {
        name: "2026-11-22-records-usage",
        up: usage,
    },
    Migration {
        name: "2026-11-30-records-transaction-bytes",
        up: transaction_bytes,
    },
];

/// Definition of an automatically increasing number that is never reused.
fn seq(dialect: Dialect, column: impl Iden + 'static) -> ColumnDef {
    let mut seq = ColumnDef::new(column);
    match dialect {
        Dialect::Sqlite => seq.integer(),
        Dialect::Postgres => seq.big_integer(),
    };
    seq.not_null().primary_key().auto_increment().take()
}

fn unique<T: Iden + 'static>(
    name: &str,
    table: impl IntoTableRef,
    columns: impl IntoIterator<Item = T>,
) -> db::sea_query::IndexCreateStatement {
    let mut index = Index::create().unique().name(name).table(table).take();
    columns.into_iter().for_each(|column| {
        index.col(column);
    });
    index
}

fn catalog(schema: &mut Schema<'_>) -> Result<(), Error> {
    let dialect = schema.dialect();
    let mut databases = Table::create();
    databases
        .table(Databases::Table)
        .col(seq(dialect, Databases::Seq))
        .col(text(Databases::Id))
        .col(text(Databases::Name))
        .col(flag(Databases::Enabled))
        .col(text(Databases::Type))
        .col(time(Databases::CreatedAt))
        .col(time(Databases::UpdatedAt));
    schema.run(&databases)?;
    schema.run(&unique("databases_id", Databases::Table, [Databases::Id]))?;

    let mut tables = Table::create();
    tables
        .table(Tables::Table)
        .col(seq(dialect, Tables::Seq))
        .col(text(Tables::Id))
        .col(text(Tables::DatabaseId))
        .col(text(Tables::Name))
        .col(flag(Tables::Enabled))
        .col(flag(Tables::RowSecurity))
        .col(json(Tables::Permissions))
        .col(number(Tables::Version))
        .col(time(Tables::CreatedAt))
        .col(time(Tables::UpdatedAt));
    schema.run(&tables)?;
    schema.run(&unique(
        "tables_database_id_id",
        Tables::Table,
        [Tables::DatabaseId, Tables::Id],
    ))?;

    let mut columns = Table::create();
    columns
        .table(Columns::Table)
        .col(seq(dialect, Columns::Seq))
        .col(number(Columns::TableSeq))
        .col(text(Columns::Key))
        .col(json(Columns::Spec))
        .col(text(Columns::Type))
        .col(number(Columns::Size))
        .col(flag(Columns::Required))
        .col(flag(Columns::Array))
        .col(flag(Columns::Hidden))
        .col(text(Columns::Status))
        .col(text(Columns::Error))
        .col(time(Columns::CreatedAt))
        .col(time(Columns::UpdatedAt));
    schema.run(&columns)?;
    schema.run(&index("columns_table_seq", Columns::Table, Columns::TableSeq))?;

    let mut indexes = Table::create();
    indexes
        .table(Indexes::Table)
        .col(seq(dialect, Indexes::Seq))
        .col(number(Indexes::TableSeq))
        .col(text(Indexes::Key))
        .col(json(Indexes::Spec))
        .col(text(Indexes::Type))
        .col(json(Indexes::Columns))
        .col(text(Indexes::Status))
        .col(text(Indexes::Error))
        .col(number(Indexes::Progress))
        .col(time(Indexes::CreatedAt))
        .col(time(Indexes::UpdatedAt));
    schema.run(&indexes)?;
    schema.run(&index("indexes_table_seq", Indexes::Table, Indexes::TableSeq))
}

fn transfers(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut transfers = Table::create();
    transfers
        .table(Transfers::Table)
        .col(id(Transfers::Id))
        .col(number(Transfers::TableSeq))
        .col(text(Transfers::Direction))
        .col(text(Transfers::Format))
        .col(text(Transfers::OnConflict))
        .col(text(Transfers::State))
        .col(text(Transfers::Error))
        .col(number(Transfers::BytesDone))
        .col(number(Transfers::BytesTotal))
        .col(number(Transfers::Lines))
        .col(number(Transfers::Rows))
        .col(number(Transfers::Failed))
        .col(json(Transfers::Problems))
        .col(number(Transfers::LastSeq))
        .col(time(Transfers::CreatedAt))
        .col(time(Transfers::UpdatedAt));
    schema.run(&transfers)?;
    schema.run(&index("transfers_table_seq", Transfers::Table, Transfers::TableSeq))?;

    let mut parts = Table::create();
    parts
        .table(TransferParts::Table)
        .col(text(TransferParts::Transfer))
        .col(number(TransferParts::Place))
        .col(ColumnDef::new(TransferParts::Bytes).binary().not_null())
        .primary_key(Index::create().col(TransferParts::Transfer).col(TransferParts::Place));
    schema.run(&parts)
}

fn transactions(schema: &mut Schema<'_>) -> Result<(), Error> {
    let dialect = schema.dialect();
    let mut transactions = Table::create();
    transactions
        .table(Transactions::Table)
        .col(seq(dialect, Transactions::Seq))
        .col(text(Transactions::Id))
        .col(optional_text(Transactions::Owner))
        .col(text(Transactions::Status))
        .col(number(Transactions::Operations))
        .col(time(Transactions::ExpiresAt))
        .col(time(Transactions::CreatedAt))
        .col(time(Transactions::UpdatedAt));
    schema.run(&transactions)?;
    schema.run(&unique("transactions_id", Transactions::Table, [Transactions::Id]))?;
    schema.run(&index(
        "transactions_expires_at",
        Transactions::Table,
        Transactions::ExpiresAt,
    ))?;

    let mut staged = Table::create();
    staged
        .table(Staged::Table)
        .col(seq(dialect, Staged::Seq))
        .col(number(Staged::TransactionSeq))
        .col(json(Staged::Operation))
        .col(time(Staged::Time))
        .col(optional_time(Staged::SeenAt));
    schema.run(&staged)?;
    schema.run(&index("staged_transaction_seq", Staged::Table, Staged::TransactionSeq))
}

/// Of transactions that are open at the upgrade the size is unknown, and counts as 0.
fn transaction_bytes(schema: &mut Schema<'_>) -> Result<(), Error> {
    let bytes = number(Transactions::Bytes).default(0).take();
    schema.run(&Table::alter().table(Transactions::Table).add_column(bytes).take())
}

fn usage(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut usage = Table::create();
    usage
        .table(Usage::Table)
        .col(text(Usage::Span))
        .col(time(Usage::Period))
        .col(text(Usage::Place))
        .col(text(Usage::Metric))
        .col(number(Usage::Value))
        .primary_key(
            Index::create()
                .col(Usage::Span)
                .col(Usage::Period)
                .col(Usage::Place)
                .col(Usage::Metric),
        );
    schema.run(&usage)
}
