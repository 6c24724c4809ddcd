//! A table on a real engine, used through the domain crate as services do.

use std::sync::Arc;
use std::time::Duration;

use db::testing::Fixture;
use db::{Database, Migrations, Tx};
use kernel::permission::{Action, Permissions, Roles};
use kernel::query::Queries;
use kernel::{Fault, Kind};
use records::rows::{self, NewRow};
use records::tables::{self, NewTable};
use records::{
    Access, Catalog, DatabaseId, Error, Key, Principal, Reading, Records, Result, RowId, Table, TableId, Vocabulary,
    columns, databases, indexes,
};
use secrets::Vault;
use serde_json::Value;

use crate::world::{self, Act, Answer, Caller, Case, Change, World};

pub(crate) const DATABASE: &str = "main";
pub(crate) const TABLE: &str = "things";
/// More rows than any test case has.
const MANY: u64 = 5000;

pub(crate) fn migrations() -> Migrations {
    Migrations::new().with(db::Scope::Except("console"), records::migrations::MIGRATIONS)
}

/// A table of one engine.
pub(crate) struct Engine<'a> {
    pub(crate) name: &'static str,
    fixture: &'a Fixture,
    project: String,
    pub(crate) db: Database,
    pub(crate) catalog: Catalog,
}

impl<'a> Engine<'a> {
    /// Creates a project for a world, with an empty table.
    pub(crate) async fn open(fixture: &'a Fixture, project: String, world: &World) -> Self {
        let db = fixture.engine.create(&project).await.expect("a project");
        let catalog = Records::new(Arc::new(Vault::new("secret", &[]))).of(&project);
        let engine = Self {
            name: fixture.name(),
            fixture,
            project,
            db,
            catalog,
        };
        engine.lay(world.clone()).await;
        engine
    }

    async fn lay(&self, world: World) {
        let new = NewTable {
            id: TableId::parse(TABLE).expect("an id"),
            name: "Things".into(),
            permissions: permissions(&world.permissions, Action::ALL),
            row_security: world.row_security,
            enabled: true,
        };
        let database = DatabaseId::parse(DATABASE).expect("an id");
        let made = self.db.write(move |tx| {
            let main = databases::create(tx, &database, "Main", true, "tablesdb")?;
            tables::create(tx, &main, new)
        });
        made.await.expect("a table");
        let catalog = self.catalog.clone();
        let grown = self.db.write(move |tx| {
            for world::Column { key, spec } in world.columns {
                let table = table(tx, &catalog)?;
                columns::create(tx, &table, &key, spec)?;
            }
            for (number, spec) in world.indexes.into_iter().enumerate() {
                let table = table(tx, &catalog)?;
                let key = Key::parse(format!("index{number}")).expect("a key");
                indexes::create(tx, &table, &key, spec)?;
            }
            Result::Ok(())
        });
        grown.await.expect("columns and indexes");
    }

    /// Creates rows as a server; returns the error type of each, if there is one.
    pub(crate) async fn fill(&self, rows: &[world::NewRow]) -> Vec<Option<String>> {
        let mut outcomes = Vec::new();
        // Rows created at the same time are created in one act.
        for rows in rows.chunk_by(|_, next| next.after == 0) {
            self.fixture.clock.advance(Duration::from_millis(rows[0].after));
            let (catalog, rows) = (self.catalog.clone(), rows.to_vec());
            let made = self.db.write(move |tx| {
                let table = table(tx, &catalog)?;
                let each = rows.into_iter().map(|row| {
                    let made = tx.attempt(|tx| rows::create(tx, &table, &Access::Server, &new_row(row)));
                    made.err().map(kind_of)
                });
                Result::Ok(each.collect::<Vec<_>>())
            });
            outcomes.extend(made.await.expect("an act"));
        }
        outcomes
    }

    /// Runs queries; returns their results.
    pub(crate) async fn ask(&self, cases: &[Case]) -> Vec<Answer> {
        let (catalog, cases) = (self.catalog.clone(), cases.to_vec());
        let asked = self.db.read(move |tx| {
            let table = table(tx, &catalog)?;
            Result::Ok(cases.iter().map(|case| ask(tx, &catalog, &table, case)).collect())
        });
        asked.await.expect("an act")
    }

    /// Applies changes in one act, each of which can fail alone; returns the error type of each, if there is one.
    pub(crate) async fn apply(&self, changes: &[Change]) -> Vec<Option<String>> {
        self.fixture.clock.advance(Duration::from_millis(1));
        let (catalog, changes) = (self.catalog.clone(), changes.to_vec());
        let done = self.db.write(move |tx| {
            let table = table(tx, &catalog)?;
            let each = changes
                .iter()
                .map(|change| tx.attempt(|tx| apply(tx, &table, change)).err().map(kind_of));
            Result::Ok(each.collect())
        });
        done.await.expect("an act")
    }

    /// All rows as a server gets them, in the order of creation.
    pub(crate) async fn dump(&self) -> Vec<Value> {
        let catalog = self.catalog.clone();
        let read = self.db.read(move |tx| {
            let table = table(tx, &catalog)?;
            let mut queries = Queries {
                total: false,
                ..Queries::default()
            };
            queries.limit = Some(MANY);
            let (access, vocabulary) = (&Access::Server, Vocabulary::Tables);
            let reading = Reading {
                catalog: &catalog,
                table: &table,
                access,
                vocabulary,
            };
            let page = rows::list(tx, reading, &queries, None)?;
            let mut page: Value = serde_json::from_slice(&page).expect("JSON");
            let Value::Array(rows) = page["rows"].take() else {
                panic!("no rows")
            };
            Result::Ok(rows)
        });
        read.await.expect("an act")
    }

    /// Deletes the project.
    pub(crate) async fn close(self) {
        self.fixture.engine.remove(&self.project).await.expect("removed");
    }
}

fn ask(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, case: &Case) -> Answer {
    let texts: Vec<String> = case.queries.iter().map(Value::to_string).collect();
    let list = |tx: &mut Tx<'_>| {
        let mut queries = Queries::parse(&texts)?;
        queries.total = case.total;
        let (access, vocabulary) = (access(&case.caller), Vocabulary::Tables);
        let reading = Reading {
            catalog,
            table,
            access: &access,
            vocabulary,
        };
        rows::list(tx, reading, &queries, None)
    };
    // Errors detected when a statement is bound abort the transaction, so a savepoint is used.
    let listed = if texts.iter().any(|text| text.contains("\\u0000")) {
        tx.attempt(list)
    } else {
        list(tx)
    };
    match listed {
        Ok(page) => {
            let page: Value = serde_json::from_slice(&page).expect("JSON");
            Answer::Page {
                total: page["total"].as_i64().expect("a total"),
                rows: page["rows"].as_array().expect("rows").clone(),
            }
        }
        Err(error) => {
            let message = error.to_string();
            Answer::Refused {
                kind: kind_of(error),
                message,
            }
        }
    }
}

fn apply(tx: &mut Tx<'_>, table: &Table, change: &Change) -> Result<()> {
    let access = access(&change.caller);
    let id = |id: &String| RowId::parse(id).expect("an id");
    let on_row = |texts: &Vec<String>| permissions(texts, &[Action::Read, Action::Update, Action::Delete]);
    match change.act.clone() {
        Act::Create {
            id: row,
            data,
            permissions,
        } => {
            let permissions = permissions.as_ref().map(on_row);
            let new = NewRow {
                id: id(&row),
                data,
                permissions,
            };
            rows::create(tx, table, &access, &new)?;
        }
        Act::Update {
            id: row,
            data,
            permissions,
            read_at,
        } => {
            let permissions = permissions.as_ref().map(on_row);
            let update = rows::Change {
                data: &data,
                permissions: permissions.as_ref(),
                read_at,
            };
            rows::update(tx, table, &access, &id(&row), &update)?;
        }
        Act::Upsert {
            id: row,
            data,
            permissions,
        } => {
            let permissions = permissions.as_ref().map(on_row);
            let new = NewRow {
                id: id(&row),
                data,
                permissions,
            };
            rows::upsert(tx, table, &access, &new, None)?;
        }
        Act::Delete { id: row, read_at } => {
            rows::delete(tx, table, &access, &id(&row), read_at)?;
        }
        Act::Count(world::Count {
            id: row,
            column,
            by,
            down,
            bound,
        }) => {
            let count = rows::Count {
                column,
                by,
                down,
                bound,
            };
            rows::increment(tx, table, &access, &id(&row), &count, None)?;
        }
    }
    Ok(())
}

fn new_row(row: world::NewRow) -> NewRow {
    NewRow {
        id: RowId::parse(&row.id).expect("an id"),
        permissions: Some(permissions(
            &row.permissions,
            &[Action::Read, Action::Update, Action::Delete],
        )),
        data: row.data,
    }
}

fn permissions(texts: &[String], allowed: &[Action]) -> Permissions {
    Permissions::parse(texts, allowed).expect("permissions")
}

fn access(caller: &Caller) -> Access {
    match caller {
        Caller::Server => Access::Server,
        Caller::Client { user, roles } => Access::Client(Principal {
            roles: Arc::new(Roles::new(roles.iter().cloned())),
            user: user.clone(),
        }),
    }
}

/// The type of an error, as clients see it; internal errors fail the test.
fn kind_of(error: Error) -> String {
    let in_vocabulary = error.in_vocabulary(Vocabulary::Tables);
    match in_vocabulary.kind() {
        Kind::Invalid(of) | Kind::Denied(of) | Kind::Forbidden(of) | Kind::Missing(of) | Kind::Conflict(of) => {
            of.to_owned()
        }
        _ => format!("broken: {in_vocabulary:?}"),
    }
}

fn table(tx: &mut Tx<'_>, catalog: &Catalog) -> Result<Arc<Table>> {
    let database = DatabaseId::parse(DATABASE).expect("an id");
    catalog.table(tx, &database, &TableId::parse(TABLE).expect("an id"))
}
