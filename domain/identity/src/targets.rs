//! Targets: addresses that receive messages. A user's e-mail address and phone number have targets; servers can add
//! others, and apps those of their devices.

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Locked, Tx};
use kernel::{Email, Phone, Timestamp};

use crate::error::TargetError;
use crate::ids::{SessionId, TargetId, UserId};
use crate::{Result, stale};

kernel::choices! {
    /// Channel of a target.
    pub enum Channel {
        /// E-mail.
        Email = "email",
        /// SMS.
        Sms = "sms",
        /// Push notification.
        Push = "push",
    }
}

impl Channel {
    /// Normalises an identifier for storage; an error if it is not valid for this channel.
    fn check(self, identifier: &str) -> Result<String> {
        match self {
            Self::Email => Email::new(identifier)
                .map(|email| email.as_str().to_owned())
                .ok_or(TargetError::NotEmail.into()),
            Self::Sms => Phone::new(identifier)
                .map(|phone| phone.as_str().to_owned())
                .ok_or(TargetError::NotPhone.into()),
            Self::Push => Ok(identifier.to_owned()),
        }
    }
}

db::table! {
    /// A target of a user.
    pub struct Target in targets as Targets {
        /// Its ID.
        pub id: TargetId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// The user it belongs to.
        pub user_id: UserId => UserId,
        /// The session of a device's target; null for other targets.
        pub session_id: Option<SessionId> => SessionId,
        /// Display name.
        pub name: String => Name,
        /// The provider that sends to it; null for the project's default.
        pub provider_id: Option<String> => ProviderId,
        /// `email`, `sms` or `push`.
        pub provider_type: String => ProviderType,
        /// The address, number or device token.
        pub identifier: String => Identifier,
        /// Whether the last message to it was rejected as undeliverable.
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

/// The targets of several users.
pub fn of_users(tx: &mut Tx<'_>, users: impl IntoIterator<Item = UserId>) -> Result<Vec<Target>> {
    let users: Vec<String> = users.into_iter().map(String::from).collect();
    let query = Target::select()
        .and_where(Expr::col(Targets::UserId).is_in(users))
        .order_by(Targets::Id, db::sea_query::Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// Finds a target of a user.
pub fn find(tx: &mut Tx<'_>, user: &UserId, id: &TargetId) -> Result<Target> {
    tx.optional(&by_id(user, id))?.ok_or(TargetError::NotFound.into())
}

/// Finds a target of a user and locks its row until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, user: &UserId, id: &TargetId) -> Result<Locked<Target>> {
    tx.lock_row(&by_id(user, id))?.ok_or(TargetError::NotFound.into())
}

fn by_id(user: &UserId, id: &TargetId) -> SelectStatement {
    Target::select()
        .and_where(Expr::col(Targets::Id).eq(id.as_str()))
        .and_where(Expr::col(Targets::UserId).eq(user.as_str()))
        .take()
}

/// Attributes by which targets can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Targets::Id)
        .datetime("$createdAt", Targets::CreatedAt)
        .datetime("$updatedAt", Targets::UpdatedAt)
        .text("userId", Targets::UserId)
        .text("providerId", Targets::ProviderId)
        .optional()
        .text("identifier", Targets::Identifier)
        .text("providerType", Targets::ProviderType)
}

/// A new target.
#[derive(Debug, Clone)]
pub struct NewTarget {
    /// Its ID.
    pub id: TargetId,
    /// The session with which the target is deleted; none if it does not depend on a session.
    pub session: Option<SessionId>,
    /// Display name.
    pub name: String,
    /// Channel.
    pub kind: Channel,
    /// The address, number or device token.
    pub identifier: String,
}

/// Creates a target of a user.
pub fn create(tx: &mut Tx<'_>, user: &UserId, new: NewTarget) -> Result<Target> {
    let now = tx.now();
    let target = Target {
        id: new.id,
        created_at: now,
        updated_at: now,
        user_id: user.clone(),
        session_id: new.session,
        name: new.name,
        provider_id: None,
        provider_type: new.kind.as_str().to_owned(),
        identifier: new.kind.check(&new.identifier)?,
        expired: false,
    };
    written(tx.execute(&target.insert()))?;
    stale::touch(tx, user);
    Ok(target)
}

/// Writes the changed columns of a target.
pub fn save(tx: &mut Tx<'_>, target: &mut Locked<Target>) -> Result<()> {
    target.updated_at = tx.now();
    let saved = tx.save(target).map(u64::from);
    written(saved)?;
    stale::touch(tx, &target.user_id);
    Ok(())
}

/// Changes the identifier of a target and clears `expired`, which applied to the old identifier.
pub fn set_identifier(target: &mut Target, identifier: &str) -> Result<()> {
    let kind = Channel::parse(&target.provider_type).unwrap_or(Channel::Push);
    target.identifier = kind.check(identifier)?;
    target.expired = false;
    Ok(())
}

/// Removes a target.
pub fn remove(tx: &mut Tx<'_>, target: &Target) -> Result<()> {
    let delete = Query::delete()
        .from_table(Targets::Table)
        .and_where(Expr::col(Targets::Id).eq(target.id.as_str()))
        .take();
    if tx.execute(&delete)? == 0 {
        return Err(TargetError::NotFound.into());
    }
    stale::touch(tx, &target.user_id);
    Ok(())
}

/// Updates the target of a user's e-mail address after the address changed; creates it if there is none.
pub fn set_email(tx: &mut Tx<'_>, user: &UserId, old: Option<&str>, email: &Email) -> Result<()> {
    set(tx, user, Channel::Email, old, email.as_str())
}

/// Updates the target of a user's phone number after the number changed; creates it if there is none.
pub fn set_phone(tx: &mut Tx<'_>, user: &UserId, old: Option<&str>, phone: &Phone) -> Result<()> {
    set(tx, user, Channel::Sms, old, phone.as_str())
}

/// Deletes a user's target with an e-mail address or phone number that the user no longer has.
pub fn forget(tx: &mut Tx<'_>, user: &UserId, identifier: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Targets::Table)
        .and_where(Expr::col(Targets::UserId).eq(user.as_str()))
        .and_where(Expr::col(Targets::Identifier).eq(identifier))
        .take();
    tx.execute(&delete)?;
    stale::touch(tx, user);
    Ok(())
}

/// Deletes the targets of devices of all sessions of a user, except one.
pub(crate) fn forget_devices(tx: &mut Tx<'_>, user: &UserId, except: Option<&SessionId>) -> Result<()> {
    let mut delete = Query::delete();
    delete
        .from_table(Targets::Table)
        .and_where(Expr::col(Targets::UserId).eq(user.as_str()))
        .and_where(Expr::col(Targets::SessionId).is_not_null());
    if let Some(except) = except {
        delete.and_where(Expr::col(Targets::SessionId).ne(except.as_str()));
    }
    tx.execute(&delete)?;
    Ok(())
}

/// Deletes the targets of a session's device.
pub(crate) fn forget_device(tx: &mut Tx<'_>, session: &SessionId) -> Result<()> {
    let delete = Query::delete()
        .from_table(Targets::Table)
        .and_where(Expr::col(Targets::SessionId).eq(session.as_str()))
        .take();
    tx.execute(&delete)?;
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

fn set(tx: &mut Tx<'_>, user: &UserId, kind: Channel, old: Option<&str>, identifier: &str) -> Result<()> {
    let own = of_user(tx, user)?;
    let is = |target: &&Target, of: &str| target.identifier == of && target.provider_type == kind.as_str();
    let followed = own.iter().find(|target| old.is_some_and(|old| is(target, old)));
    match followed.cloned() {
        // A server added a target with this identifier before.
        None if own.iter().any(|target| is(&target, identifier)) => Ok(()),
        Some(target) => {
            let mut target = lock(tx, user, &target.id)?;
            set_identifier(&mut target, identifier)?;
            save(tx, &mut target)
        }
        None => {
            let new = NewTarget {
                id: TargetId::generate(tx.now()),
                session: None,
                name: String::new(),
                kind,
                identifier: identifier.to_owned(),
            };
            create(tx, user, new).map(|_| ())
        }
    }
}

fn written(outcome: std::result::Result<u64, db::Error>) -> Result<()> {
    match outcome {
        Err(error) if error.is_unique("targets_identifier") || error.is_unique("targets_pkey") => {
            Err(TargetError::Exists.into())
        }
        other => Ok(other.map(|_| ())?),
    }
}
