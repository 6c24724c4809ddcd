//! Teams: users gathered in roles, which permissions then name (`team:ID/role`).
//!
//! Whoever makes a team owns it; owners manage it and its members; members see it. For everybody else there is no such
//! team. Servers and developers manage all. The console's organizations are its teams: one of them always keeps an owner,
//! and does not go while it has projects.
//!
//! Not here: the rules themselves (`identity`), and what is shown of a member (`views`).

mod access;
mod invitations;
mod logs;
mod memberships;
mod prefs;
mod routes;
mod teams;
mod visibility;

/// The service.
pub fn service() -> api::Service {
    api::Service::new("teams", (), routes::routes())
        .switched_by(projects::Service::Teams)
        .tables(api::service::In::EveryDatabase, identity::migrations::MIGRATIONS)
}
