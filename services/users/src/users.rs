//! Users: list, get, create, update, delete.

use api::{Act, Call, Created, NoContent, Result};
use db::{Locked, Tx};
use identity::password::{self, Password, Personal};
use identity::users::{self, NewUser, User};
use identity::{EmailError, UserId, identities, targets};
use kernel::id::CustomId;
use kernel::param::Text;
use kernel::query::Texts;
use kernel::{Email, Phone};
use views::UserList;

kernel::params! {
    /// Parameters of the list of users.
    pub(crate) struct ListUsers {
        /// Queries on name, email, phone, status, labels, verifications and dates.
        queries: Texts = "queries",
        /// Search text in the name, e-mail address, phone number or ID.
        search: Text<256> = "search" | Text::default(),
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListUsers) -> Result<UserList> {
    let queries = input.queries.read(&input.search.0, input.total)?;
    call.read(move |tx| {
        let page = db::list::list::<User>(tx, &User::select(), &users::queryable(), &queries)?;
        let targets = targets::of_users(tx, page.rows.iter().map(|user| user.id.clone()))?;
        let page = page.map(|user| {
            let own: Vec<_> = targets
                .iter()
                .filter(|target| target.user_id == user.id)
                .cloned()
                .collect();
            views::user(&user, &own)
        });
        api::Result::Ok(UserList {
            total: page.total,
            users: page.rows,
        })
    })
    .await
}

kernel::params! {
    /// Parameters of a new user.
    pub(crate) struct CreateUser {
        /// User ID; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Option<Email> = "email",
        /// Phone number, E.164.
        phone: Option<Phone> = "phone",
        /// Password, 8 to 256 bytes.
        password: Option<Password> = "password",
        /// User name, at most 128 characters.
        name: Text<128> = "name" | Text::default(),
    }
}

pub(crate) async fn create(call: Call, input: CreateUser) -> Result<Created<views::User>> {
    let id = input.user_id.or_generate(call.now());
    let hash = match &input.password {
        Some(password) => {
            let personal = Personal {
                id: id.as_str(),
                name: &input.name.0,
                email: input.email.as_ref().map_or("", Email::as_str),
                phone: input.phone.as_ref().map_or("", Phone::as_str),
            };
            password::check(password, call.project.policy(), &personal)?;
            Some(call.app.hasher.hash(password.reveal().to_owned()).await?)
        }
        None => None,
    };
    call.act(move |act| {
        if let Some(email) = &input.email
            && identities::email_is_anothers(act, email, None)?
        {
            return Err(EmailError::Exists.into());
        }
        let new = NewUser {
            name: input.name.0,
            email: input.email,
            phone: input.phone,
            password: hash,
            ..NewUser::default()
        };
        let user = users::create(act, id, new)?;
        emit_and_view(act, &user).map(Created)
    })
    .await
}

kernel::params! {
    /// Parameters of the operations on one user.
    pub(crate) struct GetUser {
        /// User ID.
        user_id: UserId = "userId",
    }
}

pub(crate) async fn get(call: Call, input: GetUser) -> Result<views::User> {
    call.read(move |tx| {
        let user = users::find(tx, &input.user_id)?;
        show(tx, &user)
    })
    .await
}

pub(crate) async fn delete(call: Call, input: GetUser) -> Result<NoContent> {
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        users::delete(act, &user.id)?;
        emit_and_view(act, &user)?;
        Ok::<_, api::Error>(NoContent)
    })
    .await
}

kernel::params! {
    /// Parameters of a change of name.
    pub(crate) struct UpdateName {
        /// User ID.
        user_id: UserId = "userId",
        /// User name, at most 128 characters.
        name: Text<128> = "name",
    }
}

pub(crate) async fn update_name(call: Call, input: UpdateName) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.name = input.name.0;
        Ok(())
    })
    .await
}

/// Changes and saves a user in one act and returns the response model.
pub(crate) async fn change(
    call: &Call,
    id: UserId,
    change: impl FnOnce(&mut Tx<'_>, &mut Locked<User>) -> Result<()> + Send + 'static,
) -> Result<views::User> {
    call.act(move |act| {
        let mut user = users::lock(act, &id)?;
        change(act, &mut user)?;
        users::save(act, &mut user)?;
        emit_and_view(act, &user)
    })
    .await
}

/// Emits the event of a user and returns the response model.
pub(crate) fn emit_and_view(act: &mut Act<'_, '_>, user: &User) -> Result<views::User> {
    let view = show(act, user)?;
    let mut payload = serde_json::to_value(&view).unwrap_or_default();
    if let Some(fields) = payload.as_object_mut() {
        // Events are also sent to the user's clients and to webhooks, which must not receive password hashes.
        for hidden in ["password", "hash", "hashOptions"] {
            fields.remove(hidden);
        }
    }
    act.record_event(&[("userId", user.id.as_str())], payload)?;
    Ok(view)
}

fn show(tx: &mut Tx<'_>, user: &User) -> Result<views::User> {
    Ok(views::user(user, &targets::of_user(tx, &user.id)?))
}
