//! Policies: the rules for the project's users.

use api::{Call, Result};
use kernel::param::Int;
use projects_api::policies::{UpdateSwitchPolicy, change, narrow};
pub(crate) use projects_api::policies::{password_dictionary, password_personal_data, session_invalidation};
use projects_api::project;

use crate::model;
use crate::own::State;

kernel::params! {
    /// Parameters of the password history.
    pub(crate) struct UpdatePasswordHistory {
        /// Number of passwords; null for none. A new password is hashed once per previous one, so it is bounded.
        total: Option<Int<1, 20>> = "total",
    }
}

kernel::params! {
    /// Parameters of a limit.
    pub(crate) struct UpdateLimitPolicy {
        /// Maximum number; null for no limit.
        total: Option<Int<1, 5000>> = "total",
    }
}

kernel::params! {
    /// Parameters of the session duration.
    pub(crate) struct UpdateSessionDuration {
        /// Duration in seconds.
        duration: Int<5, 31_536_000> = "duration",
    }
}

kernel::params! {
    /// Parameters of the required kinds of characters of passwords; absent ones stay as they are.
    pub(crate) struct UpdatePasswordStrength {
        /// Minimum number of characters.
        min: Option<Int<8, 256>> = "min",
        /// Whether an uppercase letter is required.
        uppercase: Option<bool> = "uppercase",
        /// Whether a lowercase letter is required.
        lowercase: Option<bool> = "lowercase",
        /// Whether a digit is required.
        number: Option<bool> = "number",
        /// Whether a character that is neither letter nor digit is required.
        symbols: Option<bool> = "symbols",
    }
}

kernel::params! {
    /// Parameters of the fields of members that other members can see; absent ones stay as they are.
    pub(crate) struct UpdateMembershipPrivacy {
        /// User IDs.
        user_id: Option<bool> = "userId",
        /// E-mail addresses.
        user_email: Option<bool> = "userEmail",
        /// Phone numbers.
        user_phone: Option<bool> = "userPhone",
        /// Names.
        user_name: Option<bool> = "userName",
        /// Whether they use a second factor.
        user_mfa: Option<bool> = "userMFA",
        /// Time of the user's last activity.
        user_accessed_at: Option<bool> = "userAccessedAt",
    }
}

/// Sets a field if a value is given.
fn put<T>(field: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *field = given;
    }
}

/// Sets the number of previous passwords that may not be reused.
pub(crate) async fn password_history(call: Call<State>, input: UpdatePasswordHistory) -> Result<model::Project> {
    change(call, move |policy| {
        policy.password_history = narrow(input.total.map_or(0, |total| total.0))
    })
    .await
}

/// Sets the required kinds of characters of passwords.
pub(crate) async fn password_strength(call: Call<State>, input: UpdatePasswordStrength) -> Result<model::Strength> {
    let strength = project::try_change(&call, move |record| {
        let strength = &mut record.settings.0.policy.password_strength;
        put(&mut strength.min, input.min.and_then(|min| u16::try_from(min.0).ok()));
        put(&mut strength.uppercase, input.uppercase);
        put(&mut strength.lowercase, input.lowercase);
        put(&mut strength.number, input.number);
        put(&mut strength.symbols, input.symbols);
        Ok(strength.clone())
    })
    .await?;
    Ok(model::Strength {
        id: "password-strength",
        min: strength.min,
        uppercase: strength.uppercase,
        lowercase: strength.lowercase,
        number: strength.number,
        symbols: strength.symbols,
    })
}

/// Switches session alerts.
pub(crate) async fn session_alert(call: Call<State>, input: UpdateSwitchPolicy) -> Result<model::Project> {
    change(call, move |policy| policy.session_alerts = input.enabled).await
}

/// Sets how long sessions last.
pub(crate) async fn session_duration(call: Call<State>, input: UpdateSessionDuration) -> Result<model::Project> {
    change(call, move |policy| policy.session_seconds = narrow(input.duration.0)).await
}

/// Switches the refusal of addresses with a subaddress.
pub(crate) async fn deny_aliased_email(call: Call<State>, input: UpdateSwitchPolicy) -> Result<model::Project> {
    change(call, move |policy| policy.deny_aliased_emails = input.enabled).await
}

/// Switches the refusal of disposable addresses.
pub(crate) async fn deny_disposable_email(call: Call<State>, input: UpdateSwitchPolicy) -> Result<model::Project> {
    change(call, move |policy| policy.deny_disposable_emails = input.enabled).await
}

/// Switches the refusal of addresses of free providers.
pub(crate) async fn deny_free_email(call: Call<State>, input: UpdateSwitchPolicy) -> Result<model::Project> {
    change(call, move |policy| policy.deny_free_emails = input.enabled).await
}

/// Switches the refusal of all addresses but those of organizations.
pub(crate) async fn deny_corporate_email(call: Call<State>, input: UpdateSwitchPolicy) -> Result<model::Project> {
    change(call, move |policy| {
        policy.deny_other_than_corporate_emails = input.enabled
    })
    .await
}

/// Switches whether a provider's statement that it checked several factors is trusted.
pub(crate) async fn trusted_provider_mfa(call: Call<State>, input: UpdateSwitchPolicy) -> Result<model::Project> {
    change(call, move |policy| policy.trust_provider_mfa = input.enabled).await
}

/// Limits the sessions of one user.
pub(crate) async fn session_limit(call: Call<State>, input: UpdateLimitPolicy) -> Result<model::Project> {
    change(call, move |policy| {
        policy.session_limit = narrow(input.total.map_or(0, |total| total.0))
    })
    .await
}

/// Limits the number of users.
pub(crate) async fn user_limit(call: Call<State>, input: UpdateLimitPolicy) -> Result<model::Project> {
    change(call, move |policy| {
        policy.user_limit = narrow(input.total.map_or(0, |total| total.0))
    })
    .await
}

/// Sets which fields of members other members can see.
pub(crate) async fn membership_privacy(call: Call<State>, input: UpdateMembershipPrivacy) -> Result<model::Project> {
    change(call, move |policy| {
        put(&mut policy.members_see_ids, input.user_id);
        put(&mut policy.members_see_emails, input.user_email);
        put(&mut policy.members_see_phones, input.user_phone);
        put(&mut policy.members_see_names, input.user_name);
        put(&mut policy.members_see_mfa, input.user_mfa);
        put(&mut policy.members_see_accesses, input.user_accessed_at);
    })
    .await
}
