//! Migrations of the tables of projects, in the console's database.

use db::columns::{flag, id, index, json, number, optional_text, optional_time, text, time};
use db::sea_query::{ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Iden, Table};
use db::{Error, Migration, Schema};

use crate::keys::{DevKeys, Keys};
use crate::oauth::Providers;
use crate::platforms::Platforms;
use crate::project::Projects;
use crate::removals::Removals;
use crate::templates::Templates;

/// Migrations of projects, for the console's database.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "2026-11-21-projects",
        up: projects,
    },
    Migration {
        name: "2026-11-21-project-removals",
        up: removals,
    },
    Migration {
        name: "2026-11-22-templates",
        up: templates,
    },
];

/// Foreign key to a project; rows are deleted with their project.
fn of_project(table: impl Iden + 'static, column: impl Iden + 'static) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(Projects::Table, Projects::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn projects(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Projects::Table)
        .col(id(Projects::Id))
        .col(time(Projects::CreatedAt))
        .col(time(Projects::UpdatedAt))
        .col(text(Projects::Name))
        .col(text(Projects::Description))
        .col(text(Projects::TeamId))
        .col(text(Projects::Logo))
        .col(text(Projects::Url))
        .col(text(Projects::LegalName))
        .col(text(Projects::LegalCountry))
        .col(text(Projects::LegalState))
        .col(text(Projects::LegalCity))
        .col(text(Projects::LegalAddress))
        .col(text(Projects::LegalTaxId))
        .col(json(Projects::Labels))
        .col(json(Projects::Settings))
        .col(number(Projects::PingCount))
        .col(optional_time(Projects::PingedAt));
    schema.run(&table)?;
    schema.run(&index("projects_team", Projects::Table, Projects::TeamId))?;

    let mut platforms = Table::create();
    platforms
        .table(Platforms::Table)
        .col(id(Platforms::Id))
        .col(time(Platforms::CreatedAt))
        .col(time(Platforms::UpdatedAt))
        .col(text(Platforms::ProjectId))
        .col(text(Platforms::Type))
        .col(text(Platforms::Name))
        .col(text(Platforms::Key))
        .col(text(Platforms::Store))
        .col(text(Platforms::Hostname))
        .foreign_key(&mut of_project(Platforms::Table, Platforms::ProjectId));
    schema.run(&platforms)?;
    schema.run(&index("platforms_project", Platforms::Table, Platforms::ProjectId))?;

    let mut keys = Table::create();
    keys.table(Keys::Table)
        .col(id(Keys::Id))
        .col(time(Keys::CreatedAt))
        .col(time(Keys::UpdatedAt))
        .col(text(Keys::ProjectId))
        .col(text(Keys::Name))
        .col(json(Keys::Scopes))
        .col(optional_time(Keys::Expire))
        .col(text(Keys::Digest))
        .col(text(Keys::Sealed))
        .col(optional_time(Keys::AccessedAt))
        .col(json(Keys::Sdks))
        .foreign_key(&mut of_project(Keys::Table, Keys::ProjectId));
    schema.run(&keys)?;
    schema.run(&index("keys_project", Keys::Table, Keys::ProjectId))?;

    let mut dev_keys = Table::create();
    dev_keys
        .table(DevKeys::Table)
        .col(id(DevKeys::Id))
        .col(time(DevKeys::CreatedAt))
        .col(time(DevKeys::UpdatedAt))
        .col(text(DevKeys::ProjectId))
        .col(text(DevKeys::Name))
        .col(time(DevKeys::Expire))
        .col(text(DevKeys::Digest))
        .col(text(DevKeys::Sealed))
        .col(optional_time(DevKeys::AccessedAt))
        .col(json(DevKeys::Sdks))
        .foreign_key(&mut of_project(DevKeys::Table, DevKeys::ProjectId));
    schema.run(&dev_keys)?;
    schema.run(&index("dev_keys_project", DevKeys::Table, DevKeys::ProjectId))?;

    let mut providers = Table::create();
    providers
        .table(Providers::Table)
        .col(id(Providers::Id))
        .col(text(Providers::ProjectId))
        .col(text(Providers::Provider))
        .col(time(Providers::UpdatedAt))
        .col(flag(Providers::Enabled))
        .col(text(Providers::AppId))
        .col(optional_text(Providers::Secret))
        .col(json(Providers::NativeAudiences))
        .foreign_key(&mut of_project(Providers::Table, Providers::ProjectId));
    schema.run(&providers)?;
    schema.run(&index(
        "oauth_providers_project",
        Providers::Table,
        Providers::ProjectId,
    ))
}

fn removals(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Removals::Table)
        .col(id(Removals::Id))
        .col(time(Removals::CreatedAt));
    schema.run(&table)
}

fn templates(schema: &mut Schema<'_>) -> Result<(), Error> {
    let mut table = Table::create();
    table
        .table(Templates::Table)
        .col(id(Templates::Id))
        .col(text(Templates::ProjectId))
        .col(time(Templates::UpdatedAt))
        .col(text(Templates::Channel))
        .col(text(Templates::Type))
        .col(text(Templates::Locale))
        .col(text(Templates::Subject))
        .col(text(Templates::Message))
        .col(text(Templates::SenderName))
        .col(text(Templates::SenderEmail))
        .col(text(Templates::ReplyTo))
        .col(text(Templates::ReplyToName))
        .foreign_key(&mut of_project(Templates::Table, Templates::ProjectId));
    schema.run(&table)?;
    schema.run(&index("templates_project", Templates::Table, Templates::ProjectId))
}
