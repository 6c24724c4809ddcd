//! Teams: groups of users with roles, which permissions refer to (`team:ID/role`).
//!
//! The creator of a team is its owner; owners manage it and its members; members can read it. For other users it does
//! not exist (404). Servers and developers manage all teams. The console's organizations are teams too: an organization
//! must keep at least one owner and cannot be deleted while it has projects.
//!
//! Not here: the rules themselves (`identity`), and the response models of members (`views`).

mod access;
mod invitations;
mod logs;
mod memberships;
mod prefs;
mod routes;
mod teams;
mod visibility;

/// Builds the service.
pub fn service() -> api::Service {
    api::Service::new("teams", (), routes::routes())
        .switched_by(projects::Service::Teams)
        .tables(api::service::In::EveryDatabase, identity::migrations::MIGRATIONS)
}
