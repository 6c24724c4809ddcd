//! ID types of this crate's nouns.

kernel::ids! {
    /// A project.
    ProjectId;
    /// A platform.
    PlatformId;
    /// An API key.
    KeyId;
    /// A development key.
    DevKeyId;
}

db::text_value!(ProjectId);
db::text_value!(PlatformId);
db::text_value!(KeyId);
db::text_value!(DevKeyId);
