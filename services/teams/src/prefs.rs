//! Preferences of a team.

use api::{Call, Result};
use identity::TeamId;
use identity::teams;
use kernel::param::Object;
use views::Preferences;

use crate::access::TeamCaller;
use crate::teams::{GetTeam, emit_and_view};

pub(crate) async fn get(call: Call, input: GetTeam) -> Result<Preferences> {
    let who = TeamCaller::calls(&call)?;
    call.read(move |tx| who.find(tx, &input.team_id).map(|team| Preferences(team.prefs.0)))
        .await
}

kernel::params! {
    /// Parameters of a change of preferences.
    pub(crate) struct UpdatePrefs {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// Preferences: any JSON object, at most 65535 bytes.
        prefs: Object<65_535> = "prefs",
    }
}

pub(crate) async fn update(call: Call, input: UpdatePrefs) -> Result<Preferences> {
    let who = TeamCaller::calls(&call)?;
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        let team = teams::set_prefs(act, &team, input.prefs.0)?;
        emit_and_view(act, &team).map(|team| team.prefs)
    })
    .await
}
