//! Scopes: rights of a caller. Every endpoint declares scopes of which its caller needs at least one.

/// Defines the enum, its names, and which scopes an API key may have.
macro_rules! scopes {
    ($( $variant:ident = $text:literal, $kind:ident; )*) => {
        crate::choices! {
            /// A right to call some endpoints (Appwrite's list, and `policies`, `oauth2`, `project` of its later API).
            #[expect(missing_docs, reason = "the names say it")]
            pub enum Scope { $( $variant = $text, )* }
        }

        impl Scope {
            /// Whether it can be granted to an API key.
            pub const fn is_for_keys(self) -> bool {
                match self { $( Self::$variant => scopes!(@ $kind), )* }
            }
        }
    };
    (@ key) => { true };
    (@ own) => { false };
}

scopes! {
    Global = "global", own; Public = "public", own; Home = "home", own; Console = "console", own;
    GraphQl = "graphql", own; Account = "account", own;
    SessionsWrite = "sessions.write", key;
    UsersRead = "users.read", key; UsersWrite = "users.write", key;
    TeamsRead = "teams.read", key; TeamsWrite = "teams.write", key;
    DatabasesRead = "databases.read", key; DatabasesWrite = "databases.write", key;
    CollectionsRead = "collections.read", key; CollectionsWrite = "collections.write", key;
    TablesRead = "tables.read", key; TablesWrite = "tables.write", key;
    AttributesRead = "attributes.read", key; AttributesWrite = "attributes.write", key;
    ColumnsRead = "columns.read", key; ColumnsWrite = "columns.write", key;
    IndexesRead = "indexes.read", key; IndexesWrite = "indexes.write", key;
    DocumentsRead = "documents.read", key; DocumentsWrite = "documents.write", key;
    RowsRead = "rows.read", key; RowsWrite = "rows.write", key;
    FilesRead = "files.read", key; FilesWrite = "files.write", key;
    BucketsRead = "buckets.read", key; BucketsWrite = "buckets.write", key;
    FunctionsRead = "functions.read", key; FunctionsWrite = "functions.write", key;
    SitesRead = "sites.read", key; SitesWrite = "sites.write", key;
    LogRead = "log.read", key; LogWrite = "log.write", key;
    ExecutionRead = "execution.read", key; ExecutionWrite = "execution.write", key;
    LocaleRead = "locale.read", key; AvatarsRead = "avatars.read", key; HealthRead = "health.read", key;
    ProvidersRead = "providers.read", key; ProvidersWrite = "providers.write", key;
    MessagesRead = "messages.read", key; MessagesWrite = "messages.write", key;
    TopicsRead = "topics.read", key; TopicsWrite = "topics.write", key;
    SubscribersRead = "subscribers.read", key; SubscribersWrite = "subscribers.write", key;
    TargetsRead = "targets.read", key; TargetsWrite = "targets.write", key;
    RulesRead = "rules.read", key; RulesWrite = "rules.write", key;
    MigrationsRead = "migrations.read", key; MigrationsWrite = "migrations.write", key;
    VcsRead = "vcs.read", key; VcsWrite = "vcs.write", key;
    AssistantRead = "assistant.read", key;
    TokensRead = "tokens.read", key; TokensWrite = "tokens.write", key;
    ProjectRead = "project.read", key; ProjectWrite = "project.write", key;
    PoliciesRead = "policies.read", key; PoliciesWrite = "policies.write", key;
    ProjectPoliciesRead = "project.policies.read", key; ProjectPoliciesWrite = "project.policies.write", key;
    MocksRead = "mocks.read", key; MocksWrite = "mocks.write", key;
    TemplatesRead = "templates.read", key; TemplatesWrite = "templates.write", key;
    OAuth2Read = "oauth2.read", key; OAuth2Write = "oauth2.write", key;
    PlatformsRead = "platforms.read", key; PlatformsWrite = "platforms.write", key;
    KeysRead = "keys.read", key; KeysWrite = "keys.write", key;
    ProjectsRead = "projects.read", own; ProjectsWrite = "projects.write", own;
    DevKeysRead = "devKeys.read", own; DevKeysWrite = "devKeys.write", own;
    WebhooksRead = "webhooks.read", own; WebhooksWrite = "webhooks.write", own;
}

use Scope as S;

/// Scopes of a guest.
pub const GUEST: &[Scope] = &[
    S::Global,
    S::Public,
    S::Home,
    S::Console,
    S::GraphQl,
    S::SessionsWrite,
    S::DocumentsRead,
    S::DocumentsWrite,
    S::RowsRead,
    S::RowsWrite,
    S::FilesRead,
    S::FilesWrite,
    S::LocaleRead,
    S::AvatarsRead,
    S::ExecutionWrite,
];

/// Scopes of a signed-in user, in addition to a guest's.
pub const USER_EXTRA: &[Scope] = &[
    S::Account,
    S::TeamsRead,
    S::TeamsWrite,
    S::ProjectsRead,
    S::ExecutionRead,
    S::TargetsRead,
    S::TargetsWrite,
    S::SubscribersRead,
    S::SubscribersWrite,
    S::AssistantRead,
    S::RulesRead,
];

/// Scopes of every API key, in addition to those granted to it. Not `health.read`, which Appwrite grants to each key: the
/// state of the server is no matter of a key that reads rows.
pub const KEY_BASE: &[Scope] = &[S::Global, S::GraphQl];

/// Whether a member of the project's team (owner, developer or admin) has a scope in admin mode.
///
/// All scopes that a key may have, and those that configure the project. Not `public`, `home` and `account`, which
/// concern a user of the project.
pub fn is_for_admins(scope: Scope) -> bool {
    let own = matches!(
        scope,
        S::Global
            | S::GraphQl
            | S::ProjectsWrite
            | S::WebhooksRead
            | S::WebhooksWrite
            | S::DevKeysRead
            | S::DevKeysWrite
    );
    own || scope.is_for_keys()
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u128);

impl Scopes {
    /// Creates a set of scopes.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | 1 << scope as u32))
    }

    /// Scopes of a guest.
    pub fn guest() -> Self {
        Self::of(GUEST.iter().copied())
    }

    /// Scopes of a signed-in user.
    pub fn user() -> Self {
        Self::guest().with(Self::of(USER_EXTRA.iter().copied()))
    }

    /// Scopes of an API key with the granted ones.
    pub fn key(held: impl IntoIterator<Item = Scope>) -> Self {
        Self::of(KEY_BASE.iter().copied()).with(Self::of(held))
    }

    /// Scopes of a developer in admin mode.
    pub fn admin() -> Self {
        Self::of(Scope::ALL.iter().copied().filter(|scope| is_for_admins(*scope)))
    }

    /// Union of both sets.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of these is in the set.
    pub fn has_any(self, wanted: &[Scope]) -> bool {
        self.0 & Self::of(wanted.iter().copied()).0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_every_scope_apart() {
        assert!(Scope::ALL.len() <= 128, "the set is 128 bits wide");
        for scope in Scope::ALL {
            assert_eq!(Scopes::of([*scope]).0.count_ones(), 1);
            assert_eq!(Scope::parse(scope.as_str()), Some(*scope));
        }
    }

    #[test]
    fn neither_keys_nor_guests_hold_what_is_a_users_or_an_owners() {
        for scope in [S::Account, S::ProjectsWrite, S::ProjectsRead] {
            assert!(!Scopes::guest().has_any(&[scope]));
            assert!(!scope.is_for_keys());
        }
        assert!(
            !Scopes::key([]).has_any(&[S::Public]),
            "a key cannot call public routes, as in Appwrite"
        );
    }
}
