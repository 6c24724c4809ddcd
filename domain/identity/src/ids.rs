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
    /// A team.
    TeamId;
    /// A membership in a team.
    MembershipId;
    /// An OAuth2 sign-in that was started. What is stored is the digest of its `state`.
    AttemptId;
}

db::text_value!(UserId, |text| Some(UserId::trusted(text)));
db::text_value!(SessionId, |text| Some(SessionId::trusted(text)));
db::text_value!(TokenId, |text| Some(TokenId::trusted(text)));
db::text_value!(IdentityId, |text| Some(IdentityId::trusted(text)));
db::text_value!(TargetId, |text| Some(TargetId::trusted(text)));
db::text_value!(TeamId, |text| Some(TeamId::trusted(text)));
db::text_value!(MembershipId, |text| Some(MembershipId::trusted(text)));
db::text_value!(AttemptId, |text| Some(AttemptId::trusted(text)));
