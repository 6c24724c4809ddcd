//! Team memberships of a user.

use std::collections::HashMap;

use api::{Call, Result};
use db::list::Page;
use db::sea_query::{Expr, ExprTrait};
use identity::memberships::{self, Membership, Memberships};
use identity::{TeamId, UserId, teams, users};
use kernel::param::Text;
use kernel::query::Texts;
use views::{Member, MembershipList};

kernel::params! {
    /// Parameters of the list of memberships.
    pub(crate) struct ListMemberships {
        /// User ID.
        user_id: UserId = "userId",
        /// Queries on userId, teamId, invited, joined, confirm, roles, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Search text in the IDs.
        search: Text<256> = "search" | Text::default(),
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListMemberships) -> Result<MembershipList> {
    let queries = input.queries.read(&input.search.0, input.total)?;
    call.read(move |tx| {
        let user = users::find(tx, &input.user_id)?;
        let base = Membership::select()
            .and_where(Expr::col(Memberships::UserId).eq(user.id.as_str()))
            .take();
        let page: Page<Membership> = db::list::list(tx, &base, &memberships::queryable(), &queries)?;
        let names: HashMap<TeamId, String> = teams::find_all(tx, page.rows.iter().map(|row| row.team_id.clone()))?
            .into_iter()
            .map(|team| (team.id, team.name))
            .collect();
        let page = page.map(|row| {
            let name = names.get(&row.team_id).map_or("", String::as_str);
            views::membership(&row, name, Member::of(&user))
        });
        api::Result::Ok(MembershipList {
            total: page.total,
            memberships: page.rows,
        })
    })
    .await
}
