//! Status, verification and labels of a user, set by a server.

use api::{Call, Result};
use identity::UserId;
use kernel::Label;
use kernel::param::List;

use crate::users::change;

kernel::params! {
    /// Another status.
    pub(crate) struct UpdateStatus {
        /// The user.
        user_id: UserId = "userId",
        /// False: blocked.
        status: bool = "status",
    }
}

pub(crate) async fn update_status(call: Call, input: UpdateStatus) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.status = input.status;
        Ok(())
    })
    .await
}

kernel::params! {
    /// Other labels.
    pub(crate) struct UpdateLabels {
        /// The user.
        user_id: UserId = "userId",
        /// All labels that the user is to have.
        labels: List<Label, 1000> = "labels",
    }
}

pub(crate) async fn update_labels(call: Call, input: UpdateLabels) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.labels.0 = kernel::label::distinct(input.labels.0);
        Ok(())
    })
    .await
}

kernel::params! {
    /// Whether a second factor is asked for.
    pub(crate) struct UpdateMfa {
        /// The user.
        user_id: UserId = "userId",
        /// Whether a second factor is asked for.
        mfa: bool = "mfa",
    }
}

pub(crate) async fn update_mfa(call: Call, input: UpdateMfa) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.mfa = input.mfa;
        Ok(())
    })
    .await
}
