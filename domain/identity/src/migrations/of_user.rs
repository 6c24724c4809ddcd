//! The foreign key of tables whose rows belong to a user.

use db::sea_query::{ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Iden};

use crate::users::Users;

/// Foreign key to a user; rows are deleted with their user.
pub(super) fn of_user(table: impl Iden + 'static, column: impl Iden + 'static) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(Users::Table, Users::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}
