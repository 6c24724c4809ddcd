//! The places where messages reach a user, as servers keep them.

use api::{Call, Created, NoContent, Result};
use db::list::Page;
use db::sea_query::{Expr, ExprTrait};
use identity::targets::{self, Channel, NewTarget, Target, Targets};
use identity::{Error, TargetId, UserId, users};
use kernel::AnyCase;
use kernel::id::CustomId;
use kernel::param::Text;
use kernel::query::Texts;
use views::{TargetList, record_target_event};

kernel::params! {
    /// Parameters of the list of targets.
    pub(crate) struct ListTargets {
        /// The user.
        user_id: UserId = "userId",
        /// Queries on userId, providerId, identifier, providerType, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Whether to count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListTargets) -> Result<TargetList> {
    let queries = input.queries.read("", input.total)?;
    call.read(move |tx| {
        let user = users::find(tx, &input.user_id)?;
        let own = Target::select()
            .and_where(Expr::col(Targets::UserId).eq(user.id.as_str()))
            .take();
        let page: Page<Target> = db::list::list(tx, &own, &targets::queryable(), &queries)?;
        api::Result::Ok(TargetList {
            total: page.total,
            targets: page.rows.iter().map(views::target).collect(),
        })
    })
    .await
}

kernel::params! {
    /// A target to be.
    pub(crate) struct CreateTarget {
        /// The user it belongs to.
        user_id: UserId = "userId",
        /// Its id, or `unique()`.
        target_id: CustomId<TargetId> = "targetId",
        /// Channel of the target.
        channel: AnyCase<Channel> = "providerType",
        /// The address, number or device token.
        identifier: Text<255, 1> = "identifier",
        /// The provider that sends there.
        provider_id: Text<36> = "providerId" | Text::default(),
        /// Its name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

pub(crate) async fn create(call: Call, input: CreateTarget) -> Result<Created<views::Target>> {
    check_provider(&input.provider_id)?;
    let new = NewTarget {
        id: input.target_id.or_generate(call.now()),
        session: None,
        name: input.name.0,
        kind: input.channel.0,
        identifier: input.identifier.0,
    };
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        let target = targets::create(act, &user.id, new)?;
        record_target_event(act, &target).map(Created)
    })
    .await
}

kernel::params! {
    /// A target of a user.
    pub(crate) struct GetTarget {
        /// The user.
        user_id: UserId = "userId",
        /// The target.
        target_id: TargetId = "targetId",
    }
}

pub(crate) async fn get(call: Call, input: GetTarget) -> Result<views::Target> {
    call.read(move |tx| {
        let user = users::find(tx, &input.user_id)?;
        targets::find(tx, &user.id, &input.target_id).map(|target| views::target(&target))
    })
    .await
}

kernel::params! {
    /// What is to be otherwise. What is left out or empty stays.
    pub(crate) struct UpdateTarget {
        /// The user.
        user_id: UserId = "userId",
        /// The target.
        target_id: TargetId = "targetId",
        /// The address, number or device token.
        identifier: Text<255> = "identifier" | Text::default(),
        /// The provider that sends there.
        provider_id: Text<36> = "providerId" | Text::default(),
        /// Its name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

pub(crate) async fn update(call: Call, input: UpdateTarget) -> Result<views::Target> {
    check_provider(&input.provider_id)?;
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        let mut target = targets::lock(act, &user.id, &input.target_id)?;
        if !input.identifier.0.is_empty() {
            targets::readdress(&mut target, &input.identifier.0)?;
        }
        if !input.name.0.is_empty() {
            target.name = input.name.0;
        }
        targets::save(act, &mut target)?;
        record_target_event(act, &target)
    })
    .await
}

pub(crate) async fn delete(call: Call, input: GetTarget) -> Result<NoContent> {
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        let target = targets::find(act, &user.id, &input.target_id)?;
        targets::remove(act, &target)?;
        record_target_event(act, &target).map(|_| NoContent)
    })
    .await
}

/// A project has no providers of its own yet, so that none can be named.
fn check_provider(id: &Text<36>) -> Result<()> {
    if id.0.is_empty() {
        Ok(())
    } else {
        Err(Error::ProviderNotFound.into())
    }
}
