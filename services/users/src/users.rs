//! Users themselves.

use api::{Act, Call, Created, NoContent, Result};
use db::{Locked, Tx};
use identity::password::{self, Password, Personal};
use identity::users::{self, NewUser, User};
use identity::{Error, UserId, identities, targets};
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
        /// Words that the name, the address, the number or the id contains.
        search: Text<256> = "search" | Text::default(),
        /// Whether to count.
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
    /// A new user.
    pub(crate) struct CreateUser {
        /// Their id, or `unique()`.
        user_id: CustomId<UserId> = "userId",
        /// Their e-mail address.
        email: Option<Email> = "email",
        /// Their phone number.
        phone: Option<Phone> = "phone",
        /// Their password, 8 to 256 characters.
        password: Option<Password> = "password",
        /// Their name, at most 128 characters.
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
            return Err(Error::EmailExists.into());
        }
        let new = NewUser {
            name: input.name.0,
            email: input.email,
            phone: input.phone,
            password: hash,
            ..NewUser::default()
        };
        let user = users::create(act, id, new)?;
        emit_and_show(act, &user).map(Created)
    })
    .await
}

kernel::params! {
    /// A user.
    pub(crate) struct GetUser {
        /// Their id.
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
        emit_and_show(act, &user)?;
        Ok::<_, api::Error>(NoContent)
    })
    .await
}

kernel::params! {
    /// Another name.
    pub(crate) struct UpdateName {
        /// The user.
        user_id: UserId = "userId",
        /// Their name, at most 128 characters.
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

/// Changes a user in one act, saves and shows them.
pub(crate) async fn change(
    call: &Call,
    id: UserId,
    change: impl FnOnce(&mut Tx<'_>, &mut Locked<User>) -> Result<()> + Send + 'static,
) -> Result<views::User> {
    call.act(move |act| {
        let mut user = users::lock(act, &id)?;
        change(act, &mut user)?;
        users::save(act, &mut user)?;
        emit_and_show(act, &user)
    })
    .await
}

/// Tells what happened to a user, and shows them.
pub(crate) fn emit_and_show(act: &mut Act<'_, '_>, user: &User) -> Result<views::User> {
    let view = show(act, user)?;
    let mut payload = serde_json::to_value(&view).unwrap_or_default();
    if let Some(fields) = payload.as_object_mut() {
        // The change log is read by the user's own clients, and by webhooks: a hash is for neither.
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
