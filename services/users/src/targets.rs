//! A user's message targets (e-mail address, phone number, device), managed by servers.

use api::{Call, Created, NoContent, Result};
use db::list::Page;
use db::sea_query::{Expr, ExprTrait};
use identity::targets::{self, Channel, NewTarget, Target, Targets};
use identity::{TargetError, TargetId, UserId, users};
use kernel::AnyCase;
use kernel::id::CustomId;
use kernel::param::Text;
use kernel::query::Texts;
use views::{TargetList, record_target_event};

kernel::params! {
    /// Parameters of the list of targets.
    pub(crate) struct ListTargets {
        /// User ID.
        user_id: UserId = "userId",
        /// Queries on userId, providerId, identifier, providerType, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Whether to compute the total count.
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
    /// Parameters of a new target.
    pub(crate) struct CreateTarget {
        /// User ID.
        user_id: UserId = "userId",
        /// Target ID; `unique()` generates one.
        target_id: CustomId<TargetId> = "targetId",
        /// Channel of the target.
        channel: AnyCase<Channel> = "providerType",
        /// E-mail address, phone number or device token.
        identifier: Text<255, 1> = "identifier",
        /// ID of the messaging provider.
        provider_id: Text<36> = "providerId" | Text::default(),
        /// Target name, at most 128 characters.
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
    /// Parameters of the operations on one target.
    pub(crate) struct GetTarget {
        /// User ID.
        user_id: UserId = "userId",
        /// Target ID.
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
    /// Parameters of an update of a target. Missing or empty values are not changed.
    pub(crate) struct UpdateTarget {
        /// User ID.
        user_id: UserId = "userId",
        /// Target ID.
        target_id: TargetId = "targetId",
        /// E-mail address, phone number or device token.
        identifier: Text<255> = "identifier" | Text::default(),
        /// ID of the messaging provider.
        provider_id: Text<36> = "providerId" | Text::default(),
        /// Target name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

pub(crate) async fn update(call: Call, input: UpdateTarget) -> Result<views::Target> {
    check_provider(&input.provider_id)?;
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        let mut target = targets::lock(act, &user.id, &input.target_id)?;
        if !input.identifier.0.is_empty() {
            targets::set_identifier(&mut target, &input.identifier.0)?;
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

/// Projects have no messaging providers yet, so any provider ID is unknown.
fn check_provider(id: &Text<36>) -> Result<()> {
    if id.0.is_empty() {
        Ok(())
    } else {
        Err(TargetError::ProviderNotFound.into())
    }
}
