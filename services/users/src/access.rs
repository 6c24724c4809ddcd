//! Status, labels and MFA setting of a user, set by a server.

use api::{Call, Result};
use identity::UserId;
use kernel::Label;
use kernel::param::List;

use crate::users::change;

kernel::params! {
    /// Parameters of a change of status.
    pub(crate) struct UpdateStatus {
        /// User ID.
        user_id: UserId = "userId",
        /// Status; `false` blocks the user.
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
    /// Parameters of a change of labels.
    pub(crate) struct UpdateLabels {
        /// User ID.
        user_id: UserId = "userId",
        /// Labels; they replace the existing ones.
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
    /// Parameters of a change of the MFA setting.
    pub(crate) struct UpdateMfa {
        /// User ID.
        user_id: UserId = "userId",
        /// Whether a second factor is required.
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
