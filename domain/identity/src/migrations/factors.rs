//! The tables of second factors.

use db::columns::{flag, id, index, number, text, time};
use db::sea_query::{ForeignKey, ForeignKeyAction, Table};
use db::{Error, Schema};

use super::of_user::of_user;
use crate::factors::authenticators::Authenticators;
use crate::factors::challenges::Challenges;
use crate::factors::recovery_codes::RecoveryCodes;
use crate::sessions::Sessions;

pub(super) fn factors(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut authenticators = Table::create();
    authenticators
        .table(Authenticators::Table)
        .col(id(Authenticators::Id))
        .col(time(Authenticators::CreatedAt))
        .col(time(Authenticators::UpdatedAt))
        .col(text(Authenticators::UserId))
        .col(text(Authenticators::Kind))
        .col(text(Authenticators::Secret))
        .col(flag(Authenticators::Verified))
        .col(number(Authenticators::LastStep))
        .col(number(Authenticators::Attempts))
        .foreign_key(&mut of_user(Authenticators::Table, Authenticators::UserId));
    schema.run(&authenticators)?;
    let one = index("authenticators_user", Authenticators::Table, Authenticators::UserId)
        .col(Authenticators::Kind)
        .unique()
        .take();
    schema.run(&one)?;
    let mut codes = Table::create();
    codes
        .table(RecoveryCodes::Table)
        .col(id(RecoveryCodes::UserId))
        .col(time(RecoveryCodes::CreatedAt))
        .col(time(RecoveryCodes::UpdatedAt))
        .col(text(RecoveryCodes::Codes))
        .foreign_key(&mut of_user(RecoveryCodes::Table, RecoveryCodes::UserId));
    schema.run(&codes)?;
    let mut challenges = Table::create();
    challenges
        .table(Challenges::Table)
        .col(id(Challenges::Id))
        .col(time(Challenges::CreatedAt))
        .col(text(Challenges::UserId))
        .col(text(Challenges::SessionId))
        .col(text(Challenges::Factor))
        .col(text(Challenges::Secret))
        .col(time(Challenges::Expire))
        .col(number(Challenges::Attempts))
        .foreign_key(&mut of_user(Challenges::Table, Challenges::UserId))
        .foreign_key(
            ForeignKey::create()
                .from(Challenges::Table, Challenges::SessionId)
                .to(Sessions::Table, Sessions::Id)
                .on_delete(ForeignKeyAction::Cascade),
        );
    schema.run(&challenges)?;
    schema.run(&index("challenges_user", Challenges::Table, Challenges::UserId))?;
    schema.run(&index("challenges_session", Challenges::Table, Challenges::SessionId))?;
    schema.run(&index("challenges_expire", Challenges::Table, Challenges::Expire))
}
