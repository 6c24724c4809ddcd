//! Permissions: an action granted to a role, written `read("user:ID")` (Appwrite's grammar).
//!
//! `write` is short for all changing actions, and is expanded when parsed. The roles of a caller are determined in
//! `identity::roles`.

use std::collections::HashSet;
use std::fmt;

use serde_json::{Value, json};

use crate::param::{Param, Rule};
use crate::{id, json_list};

/// Maximum number of permissions in one request.
pub const MAX_PERMISSIONS: usize = 100;

crate::choices! {
    /// Action that a permission grants.
    pub enum Action {
        /// Create children, such as rows of a table.
        Create = "create",
        /// Read it.
        Read = "read",
        /// Change it.
        Update = "update",
        /// Delete it.
        Delete = "delete",
    }
}

/// An action granted to a role.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Permission {
    /// Granted action.
    pub action: Action,
    /// The role, as accepted by [`check_role`].
    pub role: String,
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A role contains no quotes, so no escaping is needed.
        write!(f, "{}(\"{}\")", self.action, self.role)
    }
}

/// Error message for an invalid role.
const ROLES: &str = "a role is any, guests, users[/verified|unverified], user:ID[/verified|unverified], team:ID[/role], member:ID or label:ID";

/// Checks a role: `any`, `users/verified`, `team:ID/role`, …
pub fn check_role(role: &str) -> Result<(), Rule> {
    let (name, dimension) = role
        .split_once('/')
        .map_or((role, None), |(name, rest)| (name, Some(rest)));
    let (kind, id) = name.split_once(':').map_or((name, None), |(kind, id)| (kind, Some(id)));
    let of_verification = dimension.is_none_or(|text| matches!(text, "verified" | "unverified"));
    let of_team = dimension.is_none_or(id::is_valid);
    let fits = match (kind, id) {
        ("any" | "guests", None) => dimension.is_none(),
        ("users", None) => of_verification,
        ("user", Some(id)) => id::is_valid(id) && of_verification,
        ("team", Some(id)) => id::is_valid(id) && of_team,
        ("member", Some(id)) => id::is_valid(id) && dimension.is_none(),
        ("label", Some(id)) => {
            (1..=36).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric()) && dimension.is_none()
        }
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(format!("\"{role}\" is no role: {ROLES}").into())
    }
}

/// Permissions on one object, without duplicates, in the given order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions(Vec<Permission>);

impl Permissions {
    /// Parses permissions; `write` is expanded to the changing actions in `allowed`. The error contains the text and
    /// the rule.
    pub fn parse<T: AsRef<str>>(texts: &[T], allowed: &[Action]) -> Result<Self, Rule> {
        if texts.len() > MAX_PERMISSIONS {
            return Err(format!("Value must be an array of at most {MAX_PERMISSIONS} permissions").into());
        }
        let mut all = Self::default();
        for text in texts {
            let text = text.as_ref();
            let (action, role) = split(text)
                .ok_or_else(|| Rule::from(format!("\"{text}\" is no permission: write it as action(\"role\")")))?;
            check_role(role)?;
            let changing = [Action::Create, Action::Update, Action::Delete];
            let named = match action {
                "write" => changing.to_vec(),
                _ => Action::parse(action).into_iter().collect(),
            };
            let granted: Vec<Action> = named.into_iter().filter(|action| allowed.contains(action)).collect();
            if granted.is_empty() {
                return Err(format!("\"{action}\" is no action that can be granted here").into());
            }
            granted.into_iter().for_each(|action| all.grant(action, role));
        }
        Ok(all)
    }

    /// Parses the output of [`Permissions::to_json`].
    pub fn trusted(json: &str) -> Self {
        let texts: Vec<String> = serde_json::from_str(json).unwrap_or_default();
        let read = |text: &String| {
            let (action, role) = split(text)?;
            Some(Permission {
                action: Action::parse(action)?,
                role: role.to_owned(),
            })
        };
        Self(texts.iter().filter_map(read).collect())
    }

    /// Whether permissions written by [`Permissions::to_json`] grant `read` to any of these roles.
    pub fn readable(json: &str, roles: &Roles) -> bool {
        let role = |written: &'_ str| -> Option<bool> {
            let role = written.strip_prefix("\"read(\\\"")?.strip_suffix("\\\")\"")?;
            Some(roles.hold(role))
        };
        json_list::elements(json).any(|written| role(written) == Some(true))
    }

    /// Adds a permission, unless it exists already.
    pub fn grant(&mut self, action: Action, role: &str) {
        let same = |one: &Permission| one.action == action && one.role == role;
        if !self.0.iter().any(same) {
            self.0.push(Permission {
                action,
                role: role.to_owned(),
            });
        }
    }

    /// Iterates over all.
    pub fn iter(&self) -> impl Iterator<Item = &Permission> {
        self.0.iter()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The roles to which an action is granted.
    pub fn roles(&self, action: Action) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |one| one.action == action)
            .map(|one| one.role.as_str())
    }

    /// Whether an action is granted to any of these roles.
    pub fn allow(&self, action: Action, roles: &Roles) -> bool {
        self.roles(action).any(|role| roles.hold(role))
    }

    /// As texts, in the wire format.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// As a JSON array of strings, as stored in a column.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(2 + self.0.len() * 40);
        out.push('[');
        for (index, Permission { action, role }) in self.0.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.extend(["\"", action.as_str(), "(\\\"", role, "\\\")\""]);
        }
        out.push(']');
        out
    }
}

impl serde::Serialize for Permissions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

impl<'de> serde::Deserialize<'de> for Permissions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Self::parse(&texts, Action::ALL).map_err(serde::de::Error::custom)
    }
}

/// The action and the role of `action("role")`.
fn split(text: &str) -> Option<(&str, &str)> {
    let (action, rest) = text.trim().split_once('(')?;
    let role = rest.trim().strip_suffix(')')?.trim();
    let role = role.strip_prefix('"')?.strip_suffix('"')?;
    Some((action.trim(), role))
}

/// The roles that a caller holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    held: HashSet<String>,
    reads: String,
    json: String,
}

impl Roles {
    /// Creates a set of roles.
    pub fn new(roles: impl IntoIterator<Item = String>) -> Self {
        let held: HashSet<String> = roles.into_iter().collect();
        let mut texts: Vec<String> = held.iter().map(|role| format!("read(\"{role}\")")).collect();
        texts.sort();
        let reads = json!(texts).to_string();
        let mut names: Vec<&String> = held.iter().collect();
        names.sort();
        let json = json!(names).to_string();
        Self { held, reads, json }
    }

    /// Whether the caller holds this role.
    pub fn hold(&self, role: &str) -> bool {
        self.held.contains(role)
    }

    /// Iterates over all.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.held.iter().map(String::as_str)
    }

    /// As a JSON array of strings.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The `read` permissions of these roles, as a JSON array of strings, for SQL conditions.
    pub fn reads(&self) -> &str {
        &self.reads
    }
}

/// The parameter `permissions` of objects that are read, updated and deleted, such as rows and files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemPermissions(pub Permissions);

/// The parameter `permissions` of containers in which objects are created, such as tables and buckets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerPermissions(pub Permissions);

fn read(value: &Value, allowed: &[Action]) -> Result<Permissions, Rule> {
    const RULE: Rule = Rule::new("Value must be an array of permissions");
    let texts: Option<Vec<&str>> = value
        .as_array()
        .and_then(|items| items.iter().map(Value::as_str).collect());
    Permissions::parse(&texts.ok_or(RULE)?, allowed)
}

fn schema() -> Value {
    json!({"type": "array", "items": {"type": "string"}, "maxItems": MAX_PERMISSIONS, "x-example": ["read(\"any\")"]})
}

impl Param for ItemPermissions {
    fn parse(value: &Value) -> Result<Self, Rule> {
        read(value, &[Action::Read, Action::Update, Action::Delete]).map(Self)
    }

    fn schema() -> Value {
        schema()
    }
}

impl Param for ContainerPermissions {
    fn parse(value: &Value) -> Result<Self, Rule> {
        read(value, Action::ALL).map(Self)
    }

    fn schema() -> Value {
        schema()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON_ITEM: &[Action] = &[Action::Read, Action::Update, Action::Delete];

    #[test]
    fn write_is_spelled_out_and_doubles_go() {
        let texts = ["read(\"any\")", "write(\"user:ada\")", "update(\"user:ada\")"];
        let all = Permissions::parse(&texts, ON_ITEM).expect("valid");
        let spelled = ["read(\"any\")", "update(\"user:ada\")", "delete(\"user:ada\")"];
        assert_eq!(all.texts(), spelled);
        assert_eq!(all.to_json(), serde_json::to_string(&spelled).expect("texts"));
        assert_eq!(Permissions::trusted(&all.to_json()), all);
        let on_place = Permissions::parse(&["write(\"users\")"], Action::ALL).expect("valid");
        assert_eq!(
            on_place.texts(),
            ["create(\"users\")", "update(\"users\")", "delete(\"users\")"]
        );
    }

    #[test]
    fn roles_follow_appwrites_grammar() {
        for good in [
            "any",
            "guests",
            "users",
            "users/verified",
            "user:a",
            "user:a/unverified",
            "team:t",
            "team:t/owner",
            "member:m",
            "label:vip",
        ] {
            assert!(check_role(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "role:all",
            "any:1",
            "any/x",
            "guests/verified",
            "users/x",
            "user",
            "user:",
            "user:_a",
            "user:a/x",
            "team",
            "team:t/",
            "team:t/-x",
            "member:m/x",
            "label:a_b",
            "label:",
            "user:a\"",
            "anyone",
        ] {
            assert!(check_role(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_no_permission_is_refused() {
        for bad in [
            "",
            "read",
            "read(any)",
            "read(\"any\"",
            "fly(\"any\")",
            "create(\"any\")",
            "read(\"*\")",
        ] {
            assert!(Permissions::parse(&[bad], ON_ITEM).is_err(), "{bad}");
        }
        let many = vec!["read(\"any\")"; 101];
        assert!(Permissions::parse(&many, ON_ITEM).is_err());
    }

    #[test]
    fn an_action_is_allowed_to_whoever_holds_a_role() {
        let all = Permissions::parse(&["read(\"team:a/dev\")", "delete(\"users\")"], ON_ITEM).expect("valid");
        let roles = Roles::new(["any".to_owned(), "team:a/dev".to_owned()]);
        assert!(all.allow(Action::Read, &roles));
        assert!(!all.allow(Action::Update, &roles) && !all.allow(Action::Delete, &roles));
        assert_eq!(roles.reads(), r#"["read(\"any\")","read(\"team:a/dev\")"]"#);
        assert_eq!(roles.json(), r#"["any","team:a/dev"]"#);
        let written = all.to_json();
        assert!(Permissions::readable(&written, &roles));
        // With the spaces of PostgreSQL's `jsonb` output.
        assert!(Permissions::readable(&written.replace("\",\"", "\", \""), &roles));
        assert!(!Permissions::readable(&written, &Roles::new(["users".to_owned()])));
    }
}
