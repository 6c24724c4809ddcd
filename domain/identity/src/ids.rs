//! The ids of this crate's nouns.

kernel::ids! {
    /// A user.
    UserId;
    /// A session.
    SessionId;
    /// A one-time token.
    TokenId;
    /// A link to an account elsewhere.
    IdentityId;
    /// A place that a message reaches.
    TargetId;
    /// An authenticator app.
    AuthenticatorId;
    /// A question for a second factor.
    ChallengeId;
    /// A team.
    TeamId;
    /// A membership in a team.
    MembershipId;
    /// An OAuth2 sign-in that was started. What is stored is the digest of its `state`.
    AttemptId;
}

db::text_value!(UserId);
db::text_value!(SessionId);
db::text_value!(TokenId);
db::text_value!(IdentityId);
db::text_value!(TargetId);
db::text_value!(AuthenticatorId);
db::text_value!(ChallengeId);
db::text_value!(TeamId);
db::text_value!(MembershipId);
db::text_value!(AttemptId);
