//! Errors of users, sessions, teams and their parts.

use kernel::{Fault, Kind};

/// A refusal, or a failure of the database.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum Error {
    #[error("User with the requested ID could not be found.")]
    UserNotFound,
    #[error("A user with the same id, email, or phone already exists in this project.")]
    UserExists,
    #[error("A user with the same phone number already exists in this project.")]
    PhoneExists,
    #[error("Invalid credentials. Please check the email and password.")]
    InvalidCredentials,
    #[error("The current user has been blocked.")]
    Blocked,
    #[error("The user has been blocked.")]
    SignInBlocked,
    #[error("This project has as many users as its settings allow.")]
    CountExceeded,
    #[error("Sign-up is closed: this server takes no further console accounts.")]
    ConsoleCountExceeded,
    #[error("The sign-in or change could not be completed with this address.")]
    Ambiguous,
    #[error("The password must not be one of the user's recent passwords.")]
    PasswordRecentlyUsed,
    #[error("The password is on the list of common passwords. Choose another.")]
    PasswordCommon,
    #[error("The password is not as long, or as mixed, as this project asks.")]
    PasswordWeak,
    #[error("The password must not contain the user's id, name, email, or phone.")]
    PasswordPersonal,
    #[error("The current user's session could not be found.")]
    SessionNotFound,
    #[error("A session is active already. Delete it before creating another.")]
    SessionExists,
    #[error("The token is invalid, expired, or was used already.")]
    InvalidToken,
    #[error("The identity could not be found.")]
    IdentityNotFound,
    #[error("The user has no email address.")]
    EmailNotFound,
    #[error("The user's email address is verified already.")]
    EmailVerified,
    #[error("The user has no phone number.")]
    PhoneNotFound,
    #[error("The user's phone number is verified already.")]
    PhoneVerified,
    #[error("A target with the same identifier already exists.")]
    TargetExists,
    #[error("The target could not be found.")]
    TargetNotFound,
    #[error("The messaging provider could not be found.")]
    ProviderNotFound,
    #[error("The identifier of an e-mail target must be a valid email address.")]
    TargetNotEmail,
    #[error("The identifier of an SMS target must be a valid phone number: + and 7 to 15 digits.")]
    TargetNotPhone,
    #[error("Complete a challenge before you do this, and do it within half an hour of that.")]
    ChallengeRequired,
    #[error("The authenticator could not be found.")]
    AuthenticatorNotFound,
    #[error("The authenticator is verified already.")]
    AuthenticatorVerified,
    #[error("Recovery codes were made already.")]
    RecoveryCodesExist,
    #[error("No recovery codes were made yet.")]
    RecoveryCodesNotFound,
    #[error("The user's e-mail address is not verified yet.")]
    EmailNotVerified,
    #[error("The user's phone number is not verified yet.")]
    PhoneNotVerified,
    #[error("Anonymous users cannot be created in the console project.")]
    AnonymousInConsole,
    #[error("Addresses with an alias are not taken here: leave out what follows the sign.")]
    EmailAliased,
    #[error("Addresses that are thrown away soon are not taken here.")]
    EmailDisposable,
    #[error("Addresses of providers for everybody are not taken here.")]
    EmailFree,
    #[error("Only addresses of an organization's own domain are taken here.")]
    EmailNotCorporate,
    #[error("OAuth provider failed to return email.")]
    NoEmail,
    #[error("The address given by the provider is not a valid email address.")]
    BadEmail,
    #[error("This user belongs to organizations; leave or delete them first.")]
    DeletionProhibited,
    #[error("Team with the requested ID could not be found.")]
    TeamNotFound,
    #[error("A team with the same ID already exists.")]
    TeamExists,
    #[error("Membership with the requested ID could not be found.")]
    MembershipNotFound,
    #[error("Only an owner of the team may do this.")]
    NotAnOwner,
    #[error("No sign-in with this id is remembered; they are for seven days.")]
    AttemptNotFound,
    #[error("The requested team invitation could not be found.")]
    InviteNotFound,
    #[error("The user is a member of the team already.")]
    MembershipConfirmed,
    #[error("The team invitation's secret is wrong, or it was sent anew.")]
    InvitationInvalid,
    #[error("The invitation belongs to another user.")]
    InvitationOfAnother,
    #[error("The membership belongs to another team.")]
    MembershipMismatch,
    #[error("There must be at least one owner in the organization.")]
    LastOwner,
    #[error("The last owner of an organization must stay its owner.")]
    LastOwnerDowngrade,
    #[error("A user with the same email already exists in this project.")]
    EmailExists,
    #[error(transparent)]
    Open(#[from] secrets::OpenError),
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::UserNotFound => Kind::Missing("user_not_found"),
            Self::UserExists => Kind::Conflict("user_already_exists"),
            Self::PhoneExists => Kind::Conflict("user_phone_already_exists"),
            Self::InvalidCredentials => Kind::Denied("user_invalid_credentials"),
            Self::Blocked => Kind::Denied("user_blocked"),
            Self::SignInBlocked => Kind::Forbidden("user_blocked"),
            Self::CountExceeded => Kind::Invalid("user_count_exceeded"),
            Self::ConsoleCountExceeded => Kind::Unsupported("user_console_count_exceeded"),
            Self::Ambiguous => Kind::Invalid("general_bad_request"),
            Self::PasswordRecentlyUsed => Kind::Invalid("password_recently_used"),
            Self::PasswordWeak | Self::PasswordCommon => Kind::Invalid("general_argument_invalid"),
            Self::PasswordPersonal => Kind::Invalid("password_personal_data"),
            Self::SessionNotFound => Kind::Missing("user_session_not_found"),
            Self::SessionExists => Kind::Denied("user_session_already_exists"),
            Self::InvalidToken => Kind::Denied("user_invalid_token"),
            Self::IdentityNotFound => Kind::Missing("user_identity_not_found"),
            Self::EmailNotFound => Kind::Invalid("user_email_not_found"),
            Self::EmailVerified => Kind::Conflict("user_email_already_verified"),
            Self::PhoneNotFound => Kind::Invalid("user_phone_not_found"),
            Self::PhoneVerified => Kind::Conflict("user_phone_already_verified"),
            Self::TargetExists => Kind::Conflict("user_target_already_exists"),
            Self::TargetNotFound => Kind::Missing("user_target_not_found"),
            Self::ProviderNotFound => Kind::Missing("provider_not_found"),
            Self::TargetNotEmail => Kind::Invalid("general_invalid_email"),
            Self::TargetNotPhone => Kind::Invalid("general_invalid_phone"),
            Self::ChallengeRequired => Kind::Denied("user_challenge_required"),
            Self::AuthenticatorNotFound => Kind::Missing("user_authenticator_not_found"),
            Self::AuthenticatorVerified => Kind::Conflict("user_authenticator_already_verified"),
            Self::RecoveryCodesExist => Kind::Conflict("user_recovery_codes_already_exists"),
            Self::RecoveryCodesNotFound => Kind::Missing("user_recovery_codes_not_found"),
            Self::EmailNotVerified => Kind::Invalid("user_email_not_verified"),
            Self::PhoneNotVerified => Kind::Invalid("user_phone_not_verified"),
            Self::AnonymousInConsole => Kind::Denied("user_anonymous_console_prohibited"),
            Self::NoEmail | Self::NotAnOwner => Kind::Denied("user_unauthorized"),
            Self::EmailAliased => Kind::Invalid("user_email_not_canonical"),
            Self::EmailDisposable => Kind::Invalid("user_email_disposable"),
            Self::EmailFree => Kind::Invalid("user_email_free"),
            Self::EmailNotCorporate => Kind::Invalid("user_email_not_corporate"),
            Self::BadEmail => Kind::Invalid("general_invalid_email"),
            Self::DeletionProhibited => Kind::Invalid("user_deletion_prohibited"),
            Self::TeamNotFound => Kind::Missing("team_not_found"),
            Self::TeamExists => Kind::Conflict("team_already_exists"),
            Self::MembershipNotFound => Kind::Missing("membership_not_found"),
            Self::AttemptNotFound => Kind::Missing("user_oauth2_attempt_not_found"),
            Self::InviteNotFound => Kind::Missing("team_invite_not_found"),
            Self::MembershipConfirmed => Kind::Conflict("membership_already_confirmed"),
            Self::InvitationInvalid => Kind::Denied("team_invalid_secret"),
            Self::InvitationOfAnother => Kind::Denied("team_invite_mismatch"),
            Self::MembershipMismatch => Kind::Missing("team_membership_mismatch"),
            Self::LastOwner => Kind::Invalid("membership_deletion_prohibited"),
            Self::LastOwnerDowngrade => Kind::Invalid("membership_downgrade_prohibited"),
            Self::EmailExists => Kind::Conflict("user_email_already_exists"),
            Self::Open(_) => Kind::Broken,
            Self::Db(error) => error.kind(),
        }
    }
}
