//! The table of operations.

use api::{Endpoint, PER_HOUR};
use identity::policy::Method;
use kernel::Scope::{Public, TeamsRead, TeamsWrite};

use crate::{invitations, logs, memberships, prefs, teams};
pub(crate) fn routes() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/teams", teams::list)
            .id("teams.list")
            .about("List the caller's teams; all teams for a server.")
            .scope(TeamsRead),
        Endpoint::post("/v1/teams", teams::create)
            .id("teams.create")
            .about("Create a team; the caller becomes its owner.")
            .scope(TeamsWrite)
            .emits("teams.[teamId].create")
            .audit("team.create", "team"),
        Endpoint::get("/v1/teams/{teamId}", teams::get)
            .id("teams.get")
            .about("Get a team.")
            .scope(TeamsRead),
        Endpoint::put("/v1/teams/{teamId}", teams::update)
            .id("teams.updateName")
            .about("Rename a team.")
            .scope(TeamsWrite)
            .emits("teams.[teamId].update")
            .audit("team.update", "team"),
        Endpoint::delete("/v1/teams/{teamId}", teams::delete)
            .id("teams.delete")
            .about("Delete a team and its memberships.")
            .scope(TeamsWrite)
            .emits("teams.[teamId].delete")
            .audit("team.delete", "team"),
        Endpoint::get("/v1/teams/{teamId}/prefs", prefs::get)
            .id("teams.getPrefs")
            .about("Get a team's preferences.")
            .scope(TeamsRead),
        Endpoint::put("/v1/teams/{teamId}/prefs", prefs::update)
            .id("teams.updatePrefs")
            .about("Replace a team's preferences.")
            .scope(TeamsWrite)
            .emits("teams.[teamId].update.prefs")
            .audit("team.update", "team"),
        Endpoint::get("/v1/teams/{teamId}/logs", logs::list)
            .id("teams.listLogs")
            .about("List a team's log entries.")
            .scope(TeamsRead),
        Endpoint::get("/v1/teams/{teamId}/memberships", memberships::list)
            .id("teams.listMemberships")
            .about("List the memberships of a team.")
            .scope(TeamsRead),
        Endpoint::post("/v1/teams/{teamId}/memberships", invitations::create)
            .id("teams.createMembership")
            .about("Invite a person to a team; a server adds them without confirmation.")
            .scope(TeamsWrite)
            .limit(10, PER_HOUR, "url:{url},ip:{ip}")
            .auth_method(Method::Invites)
            .emits("teams.[teamId].memberships.[membershipId].create")
            .audit("membership.create", "team"),
        Endpoint::get("/v1/teams/{teamId}/memberships/{membershipId}", memberships::get)
            .id("teams.getMembership")
            .about("Get a membership.")
            .scope(TeamsRead),
        Endpoint::patch("/v1/teams/{teamId}/memberships/{membershipId}", memberships::update)
            .id("teams.updateMembership")
            .about("Update the roles of a membership.")
            .scope(TeamsWrite)
            .emits("teams.[teamId].memberships.[membershipId].update")
            .audit("membership.update", "team"),
        Endpoint::patch(
            "/v1/teams/{teamId}/memberships/{membershipId}/status",
            invitations::accept,
        )
        .id("teams.updateMembershipStatus")
        .about("Accept an invitation with its secret.")
        .scope(Public)
        .emits("teams.[teamId].memberships.[membershipId].update.status")
        .audit("membership.update", "team"),
        Endpoint::delete("/v1/teams/{teamId}/memberships/{membershipId}", memberships::delete)
            .id("teams.deleteMembership")
            .about("Delete a membership; a member may delete their own.")
            .scope(TeamsWrite)
            .emits("teams.[teamId].memberships.[membershipId].delete")
            .audit("membership.delete", "team"),
    ]
}
