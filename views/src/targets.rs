//! Targets: addresses, numbers and devices that messages are sent to.

use api::Act;
use kernel::Timestamp;

api::model! {
    /// Message target.
    pub struct Target as "target" {
        /// Target ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Name.
        name: String = "name",
        /// User ID.
        user_id: String = "userId",
        /// ID of the messaging provider; null for the project's default.
        provider_id: Option<String> = "providerId",
        /// Type: `email`, `sms` or `push`.
        provider_type: String = "providerType",
        /// The address, number or device token.
        identifier: String = "identifier",
        /// Whether the last message could not be delivered.
        expired: bool = "expired",
    }
}

/// The model of a target.
pub fn target(target: &identity::targets::Target) -> Target {
    Target {
        id: target.id.to_string(),
        created_at: target.created_at,
        updated_at: target.updated_at,
        name: target.name.clone(),
        user_id: target.user_id.to_string(),
        provider_id: target.provider_id.clone(),
        provider_type: target.provider_type.clone(),
        identifier: target.identifier.clone(),
        expired: target.expired,
    }
}

/// Records the declared event of a target, and returns its model.
pub fn record_target_event(act: &mut Act<'_, '_>, target: &identity::targets::Target) -> api::Result<Target> {
    let view = self::target(target);
    let payload = serde_json::to_value(&view).unwrap_or_default();
    let subjects = [("targetId", target.id.as_str()), ("userId", target.user_id.as_str())];
    act.record_event(&subjects, payload)?;
    Ok(view)
}
