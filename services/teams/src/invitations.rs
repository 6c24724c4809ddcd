//! Invitations: a server adds members directly; a client invites them by mail or SMS, and they accept with the secret.

use std::sync::Arc;

use api::{Call, Created, Result, With, cookies, links};
use db::{Locked, Tx};
use identity::memberships::{self, Invitee, RoleName};
use identity::ownership::{self, Address, Proving};
use identity::sessions::Proof;
use identity::teams::Managed;
use identity::users::{self, NewUser, User};
use identity::{EmailError, MembershipId, Origin, Policy, TeamId, UserError, UserId, identities};
use kernel::param::{BadParam, List, Text};
use kernel::{Email, Fault, Kind, Phone};
use locale_data::Locale;
use notifications::{
    ClientFacts, MailNotification, MailTemplate, Notification, Notifier, SmsNotification, SmsTemplate, Values,
};
use projects::Project;
use senders::Mailbox;
use url::Url;
use views::SessionOpener;

use crate::access::TeamCaller;
use crate::teams::names;
use crate::visibility::{MemberVisibility, emit_and_view};

/// Length of an invitation's secret, in hexadecimal digits.
const SECRET_LEN: usize = 256;

/// Errors of invitations.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("At least one of userId, email, or phone is required")]
    Nobody,
    #[error("The user has neither an e-mail address nor a phone number that an invitation could be sent to.")]
    Unreachable,
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        Kind::Invalid("general_argument_invalid")
    }
}

kernel::params! {
    /// Parameters of a new membership.
    pub(crate) struct CreateMembership {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// E-mail address of the user; a user is created if none has it.
        email: Option<Email> = "email",
        /// ID of an existing user.
        user_id: Option<UserId> = "userId",
        /// Phone number of the user; a user is created if none has it.
        phone: Option<Phone> = "phone",
        /// Roles of the member.
        roles: List<RoleName> = "roles",
        /// URL of the app's page that the invitation opens; required for clients.
        url: Text<2048> = "url" | Text::default(),
        /// Name for a newly created user.
        name: Text<128> = "name" | Text::default(),
    }
}

/// Invites a user; if the caller is a server, adds the user as a member directly.
pub(crate) async fn create(call: Call, input: CreateMembership) -> Result<Created<views::Membership>> {
    let who = TeamCaller::calls(&call)?;
    let visibility = MemberVisibility::of(&call, &who);
    if input.email.is_none() && input.user_id.is_none() && input.phone.is_none() {
        return Err(Error::Nobody.into());
    }
    let sending = match &who {
        TeamCaller::Server => None,
        TeamCaller::User(_) => Some(Sending::of(&call, &input)?),
    };
    let (policy, console) = (call.project.policy().clone(), call.project.is_console());
    let by_server = who.user().is_none();
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        let user = find_or_create(act, &input, (&policy, console), by_server)?;
        let roles = names(input.roles);
        let membership = match sending {
            None => memberships::add(act, &team, &user.id, roles)?,
            Some(sending) => sending.invite(act, &team, &user, roles)?,
        };
        emit_and_view(act, &team, &membership, visibility.member(&membership, Some(&user))).map(Created)
    })
    .await
}

/// Data for an invitation by a client: URL, transport and inviting member.
struct Sending {
    link: Url,
    notifier: Notifier,
    project: Arc<Project>,
    locale: Locale,
    owner: String,
    origin: Origin,
    /// Whether the request contains only a phone number.
    by_sms: bool,
    invitee: Invitee,
}

impl Sending {
    fn of(call: &Call, input: &CreateMembership) -> Result<Self> {
        if input.url.0.is_empty() {
            return Err(BadParam::Missing("url").into());
        }
        let person = call.person()?;
        let named = |user: &User| {
            if user.name.is_empty() {
                user.email.clone().unwrap_or_default()
            } else {
                user.name.clone()
            }
        };
        Ok(Self {
            link: call.check_link("url", &input.url.0)?,
            notifier: call.app.notifier.clone(),
            project: Arc::clone(&call.project),
            locale: call.locale(),
            owner: named(&person.user),
            origin: call.origin(),
            by_sms: input.email.is_none() && input.phone.is_some(),
            invitee: Invitee {
                name: input.name.0.clone(),
                email: input
                    .email
                    .as_ref()
                    .map(|email| email.as_str().to_owned())
                    .unwrap_or_default(),
                phone: input
                    .phone
                    .as_ref()
                    .map(|phone| phone.as_str().to_owned())
                    .unwrap_or_default(),
            },
        })
    }

    fn invite(
        mut self,
        tx: &mut Tx<'_>,
        team: &Managed,
        user: &User,
        roles: Vec<String>,
    ) -> Result<memberships::Membership> {
        let by_sms = self.by_sms || user.email.is_none();
        if by_sms {
            self.notifier.check_sms()?
        } else {
            self.notifier.check_mail(&self.project)?
        }
        let address = if by_sms { &user.phone } else { &user.email };
        let address = address.clone().ok_or(Error::Unreachable)?;
        let secret = secrets::random::hex(SECRET_LEN);
        let membership = memberships::invite(tx, team, &user.id, roles, (&secret, &address), self.invitee)?;
        let ours = [
            ("membershipId", membership.id.as_str()),
            ("userId", user.id.as_str()),
            ("secret", &secret),
            ("teamId", team.id.as_str()),
            ("teamName", &team.name),
        ];
        links::put(&mut self.link, &ours);
        let values = Values::from([
            ("user".to_owned(), user.name.clone()),
            ("owner".to_owned(), self.owner),
            ("team".to_owned(), team.name.clone()),
            ("redirect".to_owned(), self.link.to_string()),
        ]);
        let (locale, until) = (self.locale.code().to_owned(), None);
        let notification = if by_sms {
            Notification::Sms(SmsNotification {
                to: address,
                template: SmsTemplate::Invitation,
                locale,
                values,
                until,
            })
        } else {
            Notification::Mail(MailNotification {
                to: Mailbox::new(user.name.clone(), address),
                template: MailTemplate::Invitation,
                locale,
                values,
                client: ClientFacts::of(&self.origin, tx.now()),
                until,
            })
        };
        self.notifier.enqueue(tx, &notification)?;
        Ok(membership)
    }
}

/// Finds the user by ID (a given address and number must then match), else by e-mail address, else by phone number; if
/// none is found, creates one.
fn find_or_create(
    tx: &mut Tx<'_>,
    input: &CreateMembership,
    (policy, console): (&Policy, bool),
    by_server: bool,
) -> Result<Locked<User>> {
    let (email, phone) = (input.email.as_ref(), input.phone.as_ref());
    if let Some(id) = &input.user_id {
        let user = users::lock(tx, id)?;
        let same_email = email.is_none_or(|email| user.email.as_deref() == Some(email.as_str()));
        let same_phone = phone.is_none_or(|phone| user.phone.as_deref() == Some(phone.as_str()));
        return if same_email && same_phone {
            Ok(user)
        } else {
            Err(UserError::Exists.into())
        };
    }
    if let Some(email) = email
        && let Some(user) = users::find_by_email(tx, email)?
    {
        return Ok(users::lock(tx, &user.id)?);
    }
    if let (None, Some(phone)) = (email, phone)
        && let Some(user) = users::find_by_phone(tx, phone)?
    {
        return Ok(users::lock(tx, &user.id)?);
    }
    // As in Appwrite, the limit is for clients.
    if !by_server {
        users::check_limit(tx, policy, console)?;
    }
    if let Some(email) = email {
        users::check_email(policy, email)?;
        if identities::email_is_anothers(tx, email, None)? {
            return Err(EmailError::Exists.into());
        }
    }
    let new = NewUser {
        name: input.name.0.clone(),
        email: email.cloned(),
        phone: phone.filter(|_| email.is_none()).cloned(),
        ..NewUser::default()
    };
    let id = UserId::generate(tx.now());
    Ok(users::create(tx, id, new)?)
}

kernel::params! {
    /// Parameters of accepting an invitation.
    pub(crate) struct UpdateMembershipStatus {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// Membership ID.
        membership_id: MembershipId = "membershipId",
        /// User ID of the invited user.
        user_id: UserId = "userId",
        /// Secret from the invitation.
        secret: Text<256, 1> = "secret",
    }
}

/// Accepts an invitation. Creates a session if the caller has none, and marks the address as verified to which the
/// secret was sent.
pub(crate) async fn accept(call: Call, input: UpdateMembershipStatus) -> Result<With<views::Membership>> {
    let caller = call.person().ok().map(|person| person.user.id.clone());
    let who = TeamCaller::User(input.user_id.clone());
    let visibility = MemberVisibility::of(&call, &who);
    let opener = SessionOpener::of(&call);
    let (policy, console) = (call.project.policy().clone(), call.project.is_console());
    let (view, opened) = call
        .act(move |act| {
            let UpdateMembershipStatus {
                team_id,
                membership_id,
                user_id,
                secret,
            } = &input;
            // The user is locked first: see "Lock order" in ARCHITECTURE.md.
            let user = users::lock_optional(act, user_id)?;
            let invitation =
                memberships::find_invitation(act, team_id, membership_id, user_id, caller.as_ref(), &secret.0)?;
            let user = user.ok_or(UserError::NotFound)?;
            if !user.status {
                return Err(UserError::Blocked.into());
            }
            let how = Proving {
                signed_in: caller.is_some(),
                policy: &policy,
                console,
            };
            let user = prove_address(act, user, invitation.sent_to.as_deref(), how)?;
            let membership = memberships::accept(act, team_id, membership_id, &user.id, None, &secret.0)?;
            let team = identity::teams::find(act, team_id)?;
            let view = emit_and_view(act, &team, &membership, visibility.member(&membership, Some(&user)))?;
            let opened = match caller {
                Some(_) => None,
                None => {
                    let uid = user.email.as_deref().unwrap_or_default();
                    Some(opener.open_session(act, &user.id, Proof::local("email", uid, "email"))?)
                }
            };
            api::Result::Ok((view, opened))
        })
        .await?;
    let headers = opened.map(|opened| cookies::open(&call.app, &call.project, &call.request, &opened));
    Ok(With(view, headers.unwrap_or_default()))
}

/// Proves the address or number to which the secret was sent, if the user still has it. Returns its owner.
fn prove_address(tx: &mut Tx<'_>, user: Locked<User>, sent_to: Option<&str>, how: Proving<'_>) -> Result<Locked<User>> {
    let Some(sent_to) = sent_to else { return Ok(user) };
    let address = if user.email.as_deref() == Some(sent_to) {
        Address::Email
    } else if user.phone.as_deref() == Some(sent_to) {
        Address::Phone
    } else {
        return Ok(user);
    };
    Ok(ownership::prove(tx, user, address, how)?)
}
