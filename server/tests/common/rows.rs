//! The rows of a database as text, to detect changes.

use std::fmt::Debug;

use db::sea_query::{Alias, Query, SelectStatement};
use db::{FromRow, Tx};
use identity::audit::Entry as Audited;
use identity::factors::authenticators::Authenticator;
use identity::factors::challenges::Challenge;
use identity::factors::recovery_codes::StoredCodes;
use identity::identities::Identity;
use identity::memberships::Membership;
use identity::sessions::Session;
use identity::targets::Target;
use identity::teams::Team;
use identity::tokens::Token;
use identity::users::User;
use projects::Record;
use projects::keys::{DevKey, Key};
use projects::oauth::Configured;
use projects::platforms::Platform;
use records::columns::{self, Column};
use records::indexes::{self, Index};
use records::tables::Entry;
use testkit::Server;

/// All rows that an endpoint can change, and the events of the change log, sorted.
pub(super) async fn of(server: &Server, database: &'static str) -> Vec<String> {
    let at = server.running.app.engine.database(database);
    let rows = at
        .read(move |tx| {
            let mut all = Vec::new();
            for mut user in tx.all::<User>(&User::select())? {
                // Updated later in the background, not in the act of a request.
                user.accessed_at = None;
                all.push(format!("{user:?}"));
            }
            put::<Session>(tx, &mut all, &Session::select())?;
            put::<Identity>(tx, &mut all, &Identity::select())?;
            put::<Token>(tx, &mut all, &Token::select())?;
            put::<Target>(tx, &mut all, &Target::select())?;
            put::<Authenticator>(tx, &mut all, &Authenticator::select())?;
            put::<StoredCodes>(tx, &mut all, &StoredCodes::select())?;
            put::<Challenge>(tx, &mut all, &Challenge::select())?;
            put::<Team>(tx, &mut all, &Team::select())?;
            put::<Membership>(tx, &mut all, &Membership::select())?;
            put::<Audited>(tx, &mut all, &Audited::select())?;
            if database == super::CONSOLE {
                put::<Record>(tx, &mut all, &Record::select())?;
                put::<Key>(tx, &mut all, &Key::select())?;
                put::<DevKey>(tx, &mut all, &DevKey::select())?;
                put::<Platform>(tx, &mut all, &Platform::select())?;
                put::<Configured>(tx, &mut all, &Configured::select())?;
            } else {
                put_tables(tx, &mut all)?;
            }
            Ok::<_, db::Error>(all)
        })
        .await;
    let mut rows: Vec<String> = rows.expect("the rows");
    let log = db::testing::change_log(&at).await;
    rows.extend(log.into_iter().map(|recorded| recorded.event.name()));
    rows.sort();
    rows
}

/// Appends databases, tables, columns, indexes, and rows by id and time of last change.
fn put_tables(tx: &mut Tx<'_>, all: &mut Vec<String>) -> Result<(), db::Error> {
    put::<records::databases::Database>(tx, all, &records::databases::Database::select())?;
    let tables: Vec<Entry> = tx.all(&Entry::select())?;
    for table in tables {
        put::<Column>(tx, all, &columns::all_of(table.seq))?;
        put::<Index>(tx, all, &indexes::all_of(table.seq))?;
        let rows = Query::select()
            .columns(["_id", "_updated_at"].map(Alias::new))
            .from(Alias::new(table.physical().table))
            .take();
        put::<(String, kernel::Timestamp)>(tx, all, &rows)?;
        all.push(format!("{table:?}"));
    }
    Ok(())
}

fn put<T: FromRow + Debug>(tx: &mut Tx<'_>, all: &mut Vec<String>, select: &SelectStatement) -> Result<(), db::Error> {
    all.extend(tx.all::<T>(select)?.into_iter().map(|row| format!("{row:?}")));
    Ok(())
}
