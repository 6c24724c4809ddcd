//! Anonymous sign-in: creates a user without credentials and a session for it.

use api::{Call, Created, Result, With};
use identity::sessions::Proof;
use identity::users::{self, NewUser};
use identity::{PolicyError, UserId};
use views::SessionOpener;

use crate::State;

/// Creates a user without name, e-mail address or phone number, and a session for it.
pub(crate) async fn create(call: Call<State>, (): ()) -> Result<With<Created<views::Session>>> {
    if call.project.is_console() {
        return Err(PolicyError::AnonymousInConsole.into());
    }
    let policy = call.project.policy().clone();
    let opener = SessionOpener::of(&call);
    let opening = opener.clone();
    let opened = call
        .act(move |act| {
            users::check_limit(act, &policy, false)?;
            let id = UserId::generate(act.now());
            let user = users::create(act, id, NewUser::default())?;
            opening.open(act, &user.id, Proof::local("anonymous", "", "anonymous"))
        })
        .await?;
    opener.answer(&call, &opened)
}
