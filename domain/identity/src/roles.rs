//! Roles of callers, as permissions name them (`users`, `user:ID/verified`, `team:ID/role`, …).

use crate::memberships::Membership;
use crate::users::User;

/// The roles of a guest.
pub fn of_guest() -> Vec<String> {
    vec!["any".to_owned(), "guests".to_owned()]
}

/// The roles of a user.
pub fn of(user: &User, memberships: &[Membership]) -> Vec<String> {
    let verified = if user.email_verification || user.phone_verification {
        "verified"
    } else {
        "unverified"
    };
    let mut roles = vec![
        "any".to_owned(),
        format!("user:{}", user.id),
        "users".to_owned(),
        format!("user:{}/{verified}", user.id),
        format!("users/{verified}"),
    ];
    for membership in memberships {
        roles.push(format!("team:{}", membership.team_id));
        roles.push(format!("member:{}", membership.id));
        roles.extend(
            membership
                .roles
                .0
                .iter()
                .map(|role| format!("team:{}/{role}", membership.team_id)),
        );
    }
    roles.extend(user.labels.0.iter().map(|label| format!("label:{label}")));
    roles
}
