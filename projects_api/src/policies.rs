//! Policies: the rules for the project's users.

use api::{Call, Result};
use identity::Policy;

use crate::{State, Wire, project};

kernel::params! {
    /// Parameters of a policy that is on or off.
    pub struct UpdateSwitchPolicy {
        /// On or off.
        enabled: bool = "enabled",
    }
}

/// Changes the policy, and returns the project.
pub async fn change<W: Wire>(
    call: Call<State<W>>,
    change: impl FnOnce(&mut Policy) + Send + 'static,
) -> Result<W::Project> {
    project::change(&call, move |record| change(&mut record.settings.0.policy)).await
}

/// A number whose parameter keeps it within the range of the policy's type.
pub fn narrow<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

/// Switches the refusal of common passwords.
pub async fn password_dictionary<W: Wire>(call: Call<State<W>>, input: UpdateSwitchPolicy) -> Result<W::Project> {
    change(call, move |policy| policy.password_dictionary = input.enabled).await
}

/// Switches the refusal of passwords that contain personal data of the user.
pub async fn password_personal_data<W: Wire>(call: Call<State<W>>, input: UpdateSwitchPolicy) -> Result<W::Project> {
    change(call, move |policy| policy.personal_data_check = input.enabled).await
}

/// Switches the deletion of other sessions after a change of the password.
pub async fn session_invalidation<W: Wire>(call: Call<State<W>>, input: UpdateSwitchPolicy) -> Result<W::Project> {
    change(call, move |policy| policy.invalidate_sessions = input.enabled).await
}
