//! Sign-up with e-mail and password.

use api::{Call, Created, Result};
use identity::password::{self, Password, Personal};
use identity::users::{self, NewUser};
use identity::{EmailError, Person, UserError, UserId, identities};
use kernel::Email;
use kernel::id::CustomId;
use kernel::param::Text;
use serde_json::json;

use crate::State;

kernel::params! {
    /// Parameters of a new account.
    pub(crate) struct CreateAccount {
        /// User ID; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// Password, 8 to 256 bytes.
        password: Password = "password",
        /// Name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

/// Creates a user with a password. Does not create a session.
pub(crate) async fn create(call: Call<State>, input: CreateAccount) -> Result<Created<views::Account>> {
    let policy = call.project.policy().clone();
    let console = call.project.is_console();
    let id = input.user_id.or_generate(call.now());
    call.check_role_is_free(format!("user:{id}"), UserError::IdNamed)
        .await?;
    let known = Personal {
        id: id.as_str(),
        name: &input.name.0,
        email: input.email.as_str(),
        phone: "",
    };
    password::check(&input.password, &policy, &known)?;
    users::check_email(&policy, &input.email)?;
    // The user limit is checked before the expensive hashing, and again inside the act.
    let limits = policy.clone();
    call.read(move |tx| users::check_limit(tx, &limits, console)).await?;
    let hash = call.app.hasher.hash(input.password.reveal().to_owned()).await?;
    call.act(move |act| {
        users::check_limit(act, &policy, console)?;
        if identities::email_is_anothers(act, &input.email, None)? {
            return Err(api::Error::from(EmailError::Ambiguous));
        }
        let new = NewUser {
            name: input.name.0,
            email: Some(input.email),
            email_verified: false,
            password: Some(hash.clone()),
            ..NewUser::default()
        };
        let mut user = users::create(act, id, new)?;
        if policy.password_history > 0 {
            users::set_password(act, &mut user, hash, &policy)?;
        }
        act.record_event(&[("userId", user.id.as_str())], json!({ "$id": user.id }))?;
        let person = Person::read(act, &user.id)?;
        Ok(Created(views::account(&person)))
    })
    .await
}
