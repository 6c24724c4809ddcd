//! The foreign key of what belongs to a user.

use db::sea_query::{ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Iden};

use crate::users::Users;

/// A row that goes when its user goes.
pub(super) fn of_user(table: impl Iden + 'static, column: impl Iden + 'static) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(Users::Table, Users::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}
