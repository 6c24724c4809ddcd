//! Search for a role in stored permissions.

use db::Tx;
use db::sea_query::{Condition, Expr, ExprTrait, LikeExpr, Query};

use crate::Result;
use crate::physical::{Names, PERMISSIONS, SEQ, iden};
use crate::tables::Entry;

/// Whether permissions of a table or of a row name a role (`user:bob`), alone or with a dimension (`user:bob/verified`).
/// Reads all permissions of the database, so it belongs in a read act, with its time limit.
pub fn is_named(tx: &mut Tx<'_>, role: &str) -> Result<bool> {
    let entries: Vec<Entry> = tx.all(&Entry::select())?;
    let parts = [format!("(\"{role}\")"), format!("(\"{role}/")];
    let of_table = |entry: &Entry| {
        let mut permissions = entry.permissions.0.iter();
        permissions.any(|text| parts.iter().any(|part| text.contains(part)))
    };
    if entries.iter().any(of_table) {
        return Ok(true);
    }
    for entry in entries {
        if is_named_by_row(tx, &Names::of(entry.seq, &entry.id), role)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_named_by_row(tx: &mut Tx<'_>, names: &Names, role: &str) -> Result<bool> {
    // Permissions are JSON texts in a JSON list, so their quotes are escaped. `_` is a character of IDs and a wildcard.
    let role = role.replace('_', "!_");
    let patterns = [format!("%(!\"{role}!\")%"), format!("%(!\"{role}/%")].map(|text| text.replace("!\"", "\\\""));
    let text = || Expr::col(iden(PERMISSIONS)).cast_as("text");
    let named = patterns.map(|pattern| text().like(LikeExpr::new(pattern).escape('!')));
    let query = Query::select()
        .column(iden(SEQ))
        .from(iden(&names.table))
        .cond_where(named.into_iter().fold(Condition::any(), Condition::add))
        .limit(1)
        .take();
    Ok(tx.optional::<i64>(&query)?.is_some())
}
