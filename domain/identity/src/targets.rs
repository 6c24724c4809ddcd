//! Targets: places a message reaches. Here only those that follow from a user's address and number.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query};
use kernel::{Email, Phone, Timestamp};

use crate::error::Error;
use crate::ids::{SessionId, TargetId, UserId};
use crate::{Result, people};

db::table! {
    /// A place that a message reaches.
    pub struct Target in targets as Targets {
        /// Its id.
        pub id: TargetId => Id,
        /// When it was made.
        pub created_at: Timestamp => CreatedAt,
        /// When it was last changed.
        pub updated_at: Timestamp => UpdatedAt,
        /// Whose it is.
        pub user_id: UserId => UserId,
        /// The session that a device's target belongs to.
        pub session_id: Option<SessionId> => SessionId,
        /// Its name, for people.
        pub name: String => Name,
        /// The sender to use; null for the project's own.
        pub provider_id: Option<String> => ProviderId,
        /// `email`, `sms` or `push`.
        pub provider_type: String => ProviderType,
        /// The address, number or device token.
        pub identifier: String => Identifier,
        /// Whether the last message came back.
        pub expired: bool => Expired,
    }
}

/// The targets of a user.
pub fn of_user(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<Target>> {
    let query = Target::select()
        .and_where(Expr::col(Targets::UserId).eq(user.as_str()))
        .order_by(Targets::Id, db::sea_query::Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// The targets of some users.
pub fn of_users(tx: &mut Tx<'_>, users: impl IntoIterator<Item = UserId>) -> Result<Vec<Target>> {
    let users: Vec<String> = users.into_iter().map(String::from).collect();
    let query = Target::select()
        .and_where(Expr::col(Targets::UserId).is_in(users))
        .order_by(Targets::Id, db::sea_query::Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// Makes the user's e-mail target follow the user's address.
pub fn set_email(tx: &mut Tx<'_>, user: &UserId, email: &Email) -> Result<()> {
    set(tx, user, "email", email.as_str())
}

/// Makes the user's SMS target follow the user's number.
pub fn set_phone(tx: &mut Tx<'_>, user: &UserId, phone: &Phone) -> Result<()> {
    set(tx, user, "sms", phone.as_str())
}

/// Removes the user's e-mail target, with the address.
pub fn forget_email(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    forget(tx, user, "email")
}

/// Removes the user's SMS target, with the number.
pub fn forget_phone(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    forget(tx, user, "sms")
}

fn forget(tx: &mut Tx<'_>, user: &UserId, provider_type: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Targets::Table)
        .and_where(Expr::col(Targets::UserId).eq(user.as_str()))
        .and_where(Expr::col(Targets::ProviderType).eq(provider_type))
        .take();
    tx.execute(&delete)?;
    people::touch(tx, user);
    Ok(())
}

/// Moves the targets of a session's device to the session that replaces it.
pub fn move_to_session(tx: &mut Tx<'_>, from: &SessionId, to: &SessionId) -> Result<()> {
    let update = Query::update()
        .table(Targets::Table)
        .value(Targets::SessionId, to.as_str())
        .and_where(Expr::col(Targets::SessionId).eq(from.as_str()))
        .take();
    tx.execute(&update)?;
    Ok(())
}

fn set(tx: &mut Tx<'_>, user: &UserId, provider_type: &str, identifier: &str) -> Result<()> {
    let own = |query: &Target| query.provider_type == provider_type;
    let existing = of_user(tx, user)?.into_iter().find(own);
    let now = tx.now();
    let written = match existing {
        Some(target) => tx.execute(
            &Query::update()
                .table(Targets::Table)
                .values([
                    (Targets::Identifier, identifier.into()),
                    (Targets::Expired, false.into()),
                    (Targets::UpdatedAt, Expr::from(db::ToValue::to_value(&now))),
                ])
                .and_where(Expr::col(Targets::Id).eq(target.id.as_str()))
                .take(),
        ),
        None => tx.execute(
            &Target {
                id: TargetId::generate(now),
                created_at: now,
                updated_at: now,
                user_id: user.clone(),
                session_id: None,
                name: String::new(),
                provider_id: None,
                provider_type: provider_type.to_owned(),
                identifier: identifier.to_owned(),
                expired: false,
            }
            .insert(),
        ),
    };
    match written {
        Err(error) if error.is_unique("targets_identifier") => Err(Error::TargetExists),
        Err(error) => Err(error.into()),
        Ok(_) => {
            people::touch(tx, user);
            Ok(())
        }
    }
}
