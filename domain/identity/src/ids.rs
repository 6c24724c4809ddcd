//! ID types of this crate's nouns.

kernel::ids! {
    /// A user.
    UserId;
    /// A session.
    SessionId;
    /// A one-time token.
    TokenId;
    /// A link to an account at another service.
    IdentityId;
    /// A target: an address, number or device that receives messages.
    TargetId;
    /// An authenticator app.
    AuthenticatorId;
    /// A challenge for a second factor.
    ChallengeId;
    /// A team.
    TeamId;
    /// A membership in a team.
    MembershipId;
    /// An OAuth2 sign-in in progress.
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
