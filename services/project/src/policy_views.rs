//! Models of policies: each policy has its own fields.

use api::{Call, Document, Result};
use identity::Policy;
use kernel::query::Texts;
use projects_api::Wire;
use serde_json::{Value, json};

use crate::model;
use crate::own::{Own, State};

kernel::choices! {
    /// A policy.
    pub(crate) enum PolicyId {
        PasswordDictionary = "password-dictionary", PasswordHistory = "password-history",
        PasswordStrength = "password-strength", PasswordPersonalData = "password-personal-data",
        SessionAlert = "session-alert", SessionDuration = "session-duration",
        SessionInvalidation = "session-invalidation", SessionLimit = "session-limit", UserLimit = "user-limit",
        MembershipPrivacy = "membership-privacy", DenyAliasedEmail = "deny-aliased-email",
        DenyDisposableEmail = "deny-disposable-email", DenyFreeEmail = "deny-free-email",
        DenyCorporateEmail = "deny-corporate-email", TrustedProviderMfa = "trusted-provider-mfa",
    }
}

kernel::params! {
    /// Parameters of the list of policies.
    pub(crate) struct ListPolicies {
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of one policy.
    pub(crate) struct GetPolicy {
        /// ID of the policy.
        policy: PolicyId = "policyId",
    }
}

pub(crate) async fn list(call: Call<State>, input: ListPolicies) -> Result<model::PolicyList> {
    let paging = input.queries.read("", input.total)?.paging(db::list::DEFAULT_LIMIT)?;
    let policy = Own::project(&call)?.policy();
    let all = PolicyId::ALL.iter().map(|id| show(*id, policy)).collect();
    let (total, policies) = model::page(all, paging, input.total);
    Ok(model::PolicyList { total, policies })
}

pub(crate) async fn get(call: Call<State>, input: GetPolicy) -> Result<Document> {
    Ok(Document(show(input.policy, Own::project(&call)?.policy())))
}

fn show(id: PolicyId, policy: &Policy) -> Value {
    match id {
        PolicyId::PasswordDictionary => json!({"$id": id, "enabled": policy.password_dictionary}),
        PolicyId::PasswordHistory => json!({"$id": id, "total": policy.password_history}),
        PolicyId::PasswordStrength => {
            let strength = &policy.password_strength;
            json!({
                "$id": id, "min": strength.min, "uppercase": strength.uppercase, "lowercase": strength.lowercase,
                "number": strength.number, "symbols": strength.symbols,
            })
        }
        PolicyId::PasswordPersonalData => json!({"$id": id, "enabled": policy.personal_data_check}),
        PolicyId::SessionAlert => json!({"$id": id, "enabled": policy.session_alerts}),
        PolicyId::SessionDuration => json!({"$id": id, "duration": policy.session_seconds}),
        PolicyId::SessionInvalidation => json!({"$id": id, "enabled": policy.invalidate_sessions}),
        PolicyId::SessionLimit => json!({"$id": id, "total": policy.session_limit}),
        PolicyId::UserLimit => json!({"$id": id, "total": policy.user_limit}),
        PolicyId::DenyAliasedEmail => json!({"$id": id, "enabled": policy.deny_aliased_emails}),
        PolicyId::DenyDisposableEmail => json!({"$id": id, "enabled": policy.deny_disposable_emails}),
        PolicyId::DenyFreeEmail => json!({"$id": id, "enabled": policy.deny_free_emails}),
        PolicyId::DenyCorporateEmail => json!({"$id": id, "enabled": policy.deny_other_than_corporate_emails}),
        PolicyId::TrustedProviderMfa => json!({"$id": id, "enabled": policy.trust_provider_mfa}),
        PolicyId::MembershipPrivacy => json!({
            "$id": id, "userId": policy.members_see_ids, "userEmail": policy.members_see_emails,
            "userPhone": policy.members_see_phones, "userName": policy.members_see_names,
            "userMFA": policy.members_see_mfa, "userAccessedAt": policy.members_see_accesses,
        }),
    }
}
