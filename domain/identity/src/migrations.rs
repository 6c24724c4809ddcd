//! Migrations of this crate's tables, built from the declarations of their columns.

mod factors;
mod of_user;

use db::columns::{flag, id, index, json, number, optional_text, optional_time, text, time};
use db::sea_query::{ColumnDef, ForeignKey, ForeignKeyAction, Table};
use db::{Error, Migration, Schema};

use self::of_user::of_user;
use crate::attempts::{Attempts, Traces};
use crate::audit::Entries;
use crate::identities::Identities;
use crate::memberships::Memberships;
use crate::sessions::Sessions;
use crate::targets::Targets;
use crate::teams::Teams;
use crate::tokens::Tokens;
use crate::tombstones::Tombstones;
use crate::users::Users;

/// Migrations of identity, for every database.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "2026-11-21-users",
        up: users,
    },
    Migration {
        name: "2026-11-21-users-sessions",
        up: sessions,
    },
    Migration {
        name: "2026-11-21-users-teams",
        up: teams,
    },
    Migration {
        name: "2026-11-21-users-oauth",
        up: oauth,
    },
    Migration {
        name: "2026-11-21-users-zaudit",
        up: audit,
    },
    Migration {
        name: "2026-11-22-users-audit-resource",
        up: audit_resource,
    },
    Migration {
        name: "2026-11-22-users-invitations",
        up: invitations,
    },
    Migration {
        name: "2026-11-22-users-factors",
        up: factors::factors,
    },
    Migration {
        name: "2026-11-22-users-usage",
        up: usage,
    },
    Migration {
        name: "2026-11-30-users-invitees",
        up: invitees,
    },
    Migration {
        name: "2026-11-30-users-tombstones",
        up: tombstones,
    },
];

fn users(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Users::Table)
        .col(id(Users::Id))
        .col(time(Users::CreatedAt))
        .col(time(Users::UpdatedAt))
        .col(text(Users::Name))
        .col(optional_text(Users::Email))
        .col(flag(Users::EmailVerification))
        .col(optional_text(Users::Phone))
        .col(flag(Users::PhoneVerification))
        .col(flag(Users::Status))
        .col(json(Users::Labels))
        .col(optional_text(Users::Password))
        .col(optional_time(Users::PasswordUpdate))
        .col(json(Users::PasswordHistory))
        .col(time(Users::Registration))
        .col(flag(Users::Mfa))
        .col(json(Users::Prefs))
        .col(optional_time(Users::AccessedAt));
    schema.run(&table)?;
    schema.run(index("users_email", Users::Table, Users::Email).unique())?;
    schema.run(index("users_phone", Users::Table, Users::Phone).unique())?;
    let mut targets = Table::create();
    targets
        .table(Targets::Table)
        .col(id(Targets::Id))
        .col(time(Targets::CreatedAt))
        .col(time(Targets::UpdatedAt))
        .col(text(Targets::UserId))
        .col(optional_text(Targets::SessionId))
        .col(text(Targets::Name))
        .col(optional_text(Targets::ProviderId))
        .col(text(Targets::ProviderType))
        .col(text(Targets::Identifier))
        .col(flag(Targets::Expired))
        .foreign_key(&mut of_user(Targets::Table, Targets::UserId));
    schema.run(&targets)?;
    schema.run(index("targets_identifier", Targets::Table, Targets::Identifier).unique())?;
    schema.run(&index("targets_user", Targets::Table, Targets::UserId))
}

fn sessions(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Sessions::Table)
        .col(id(Sessions::Id))
        .col(time(Sessions::CreatedAt))
        .col(time(Sessions::UpdatedAt))
        .col(text(Sessions::UserId))
        .col(text(Sessions::Secret))
        .col(time(Sessions::Expire))
        .col(text(Sessions::Provider))
        .col(text(Sessions::ProviderUid))
        .col(optional_text(Sessions::ProviderGrant))
        .col(optional_time(Sessions::ProviderExpiry))
        .col(optional_time(Sessions::RefreshingUntil))
        .col(text(Sessions::Ip))
        .col(text(Sessions::UserAgent))
        .col(text(Sessions::Country))
        .col(json(Sessions::Factors))
        .col(optional_time(Sessions::MfaUpdatedAt))
        .foreign_key(&mut of_user(Sessions::Table, Sessions::UserId));
    schema.run(&table)?;
    schema.run(index("sessions_secret", Sessions::Table, Sessions::Secret).unique())?;
    schema.run(&index("sessions_user", Sessions::Table, Sessions::UserId))?;
    let mut tokens = Table::create();
    tokens
        .table(Tokens::Table)
        .col(id(Tokens::Id))
        .col(time(Tokens::CreatedAt))
        .col(text(Tokens::UserId))
        .col(text(Tokens::Kind))
        .col(text(Tokens::Secret))
        .col(time(Tokens::Expire))
        .col(optional_text(Tokens::IdentityId))
        .col(text(Tokens::UserAgent))
        .col(text(Tokens::Ip))
        .col(number(Tokens::Attempts))
        .foreign_key(&mut of_user(Tokens::Table, Tokens::UserId));
    schema.run(&tokens)?;
    schema.run(&index("tokens_user", Tokens::Table, Tokens::UserId))
}

fn teams(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Teams::Table)
        .col(id(Teams::Id))
        .col(time(Teams::CreatedAt))
        .col(time(Teams::UpdatedAt))
        .col(text(Teams::Name))
        .col(number(Teams::Total))
        .col(json(Teams::Prefs));
    schema.run(&table)?;
    let mut memberships = Table::create();
    memberships
        .table(Memberships::Table)
        .col(id(Memberships::Id))
        .col(time(Memberships::CreatedAt))
        .col(time(Memberships::UpdatedAt))
        .col(text(Memberships::TeamId))
        .col(text(Memberships::UserId))
        .col(json(Memberships::Roles))
        .col(time(Memberships::Invited))
        .col(optional_time(Memberships::Joined))
        .col(flag(Memberships::Confirm))
        .foreign_key(&mut of_user(Memberships::Table, Memberships::UserId))
        .foreign_key(
            ForeignKey::create()
                .from(Memberships::Table, Memberships::TeamId)
                .to(Teams::Table, Teams::Id)
                .on_delete(ForeignKeyAction::Cascade),
        );
    schema.run(&memberships)?;
    schema.run(
        index("memberships_member", Memberships::Table, Memberships::TeamId)
            .col(Memberships::UserId)
            .unique(),
    )?;
    schema.run(&index("memberships_user", Memberships::Table, Memberships::UserId))
}

fn oauth(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Identities::Table)
        .col(id(Identities::Id))
        .col(time(Identities::CreatedAt))
        .col(time(Identities::UpdatedAt))
        .col(text(Identities::UserId))
        .col(text(Identities::Provider))
        .col(text(Identities::ProviderUid))
        .col(text(Identities::ProviderEmail))
        .col(flag(Identities::ProviderEmailVerified))
        .col(optional_text(Identities::ProviderGrant))
        .col(optional_time(Identities::ProviderExpiry))
        .foreign_key(&mut of_user(Identities::Table, Identities::UserId));
    schema.run(&table)?;
    let provider_uid = index("identities_provider_uid", Identities::Table, Identities::Provider)
        .col(Identities::ProviderUid)
        .unique()
        .take();
    schema.run(&provider_uid)?;
    schema.run(&index("identities_user", Identities::Table, Identities::UserId))?;
    schema.run(&index("identities_email", Identities::Table, Identities::ProviderEmail))?;
    let mut attempts = Table::create();
    attempts
        .table(Attempts::Table)
        .col(id(Attempts::Id))
        .col(time(Attempts::Expire))
        .col(text(Attempts::Provider))
        .col(text(Attempts::Kind))
        .col(text(Attempts::Success))
        .col(text(Attempts::Failure))
        .col(text(Attempts::RedirectUri))
        .col(optional_text(Attempts::Verifier))
        .col(optional_text(Attempts::Nonce))
        .col(optional_text(Attempts::Issuer))
        .col(optional_text(Attempts::Browser))
        .col(optional_text(Attempts::SessionId))
        .col(flag(Attempts::AnyHost))
        .col(text(Attempts::TraceId));
    schema.run(&attempts)?;
    schema.run(&index("oauth_attempts_expire", Attempts::Table, Attempts::Expire))?;
    let mut traces = Table::create();
    traces
        .table(Traces::Table)
        .col(id(Traces::Id))
        .col(time(Traces::CreatedAt))
        .col(time(Traces::UpdatedAt))
        .col(text(Traces::Provider))
        .col(text(Traces::Kind))
        .col(text(Traces::Outcome))
        .col(text(Traces::ErrorType))
        .col(text(Traces::ErrorMessage))
        .col(text(Traces::ProviderError))
        .col(json(Traces::Steps))
        .col(text(Traces::UserId))
        .col(text(Traces::Ip))
        .col(text(Traces::UserAgent));
    schema.run(&traces)?;
    schema.run(&index("oauth_traces_created", Traces::Table, Traces::CreatedAt))
}

fn audit(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Entries::Table)
        .col(id(Entries::Id))
        .col(time(Entries::Time))
        .col(text(Entries::UserId))
        .col(text(Entries::Event))
        .col(text(Entries::Resource))
        .col(text(Entries::Mode))
        .col(text(Entries::Ip))
        .col(text(Entries::UserAgent))
        .col(text(Entries::Country));
    schema.run(&table)?;
    schema.run(index("audit_user", Entries::Table, Entries::UserId).col(Entries::Id))
}

/// Index of audit entries by resource; IDs grow with time, so new entries of a resource are appended.
fn audit_resource(schema: &mut Schema<'_>) -> Result<(), Error> {
    schema.run(&index("audit_resource", Entries::Table, Entries::Resource))
}

/// Columns for the secret and the address of an invitation.
fn invitations(schema: &mut Schema<'_>) -> Result<(), Error> {
    let column = |column: &mut ColumnDef| Table::alter().table(Memberships::Table).add_column(column).take();
    schema.run(&column(&mut optional_text(Memberships::Secret)))?;
    schema.run(&column(&mut optional_text(Memberships::SentTo)))
}

/// Roles of deleted users and teams.
fn tombstones(schema: &mut Schema<'_>) -> Result<(), Error> {
    let table = Table::create()
        .table(Tombstones::Table)
        .col(text(Tombstones::Role).primary_key())
        .col(time(Tombstones::Time))
        .take();
    schema.run(&table)
}

/// Column for what the inviting client said of the user.
fn invitees(schema: &mut Schema<'_>) -> Result<(), Error> {
    let column = ColumnDef::new(Memberships::Invitee).json().take();
    schema.run(&Table::alter().table(Memberships::Table).add_column(column).take())
}

/// Indexes for usage figures: users by creation time, and the audit entries of new sessions. The second index is
/// partial, so that other audit entries cost nothing.
fn usage(schema: &mut Schema<'_>) -> Result<(), Error> {
    schema.run(&index("users_created", Users::Table, Users::CreatedAt))?;
    schema.batch("CREATE INDEX audit_sessions ON audit (time) WHERE event = 'session.create'")
}
