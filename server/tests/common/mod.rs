//! Test fixture: two organizations with a project each, and users who share no team.
//!
//! Most of it is inserted below the API, so that a service that wrongly refuses requests does not also prevent the
//! fixture from being created.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod calls;
pub(crate) mod facts;
pub(crate) mod models;
mod rows;

use std::collections::HashMap;
use std::sync::Arc;

use db::Json;
use identity::TeamId;
use identity::factors::recovery_codes;
use identity::identities::Identity;
use identity::{IdentityId, UserId};
use kernel::permission::Permissions;
use kernel::{Scope, Timestamp};
use projects::keys::{DevKey, Key};
use projects::platforms::{Platform, PlatformType};
use projects::{DevKeyId, KeyId, PlatformId, ProjectId, Record};
use records::rows::NewRow;
use records::{
    Access, DatabaseId, Key as ColumnKey, Kind, RowId, TableId, columns, databases, indexes, rows as table_rows,
    tables, transactions, transfer,
};
use secrets::jwt;
use testkit::{Actor, Options, PASSWORD, Server, json};

/// The project that is attacked; its owner is ada.
pub(crate) const SHOP: &str = "shop";
/// The other project; its owner is grace.
pub(crate) const BANK: &str = "bank";
/// The console project.
pub(crate) const CONSOLE: &str = "console";

/// The fixture.
pub(crate) struct Fixture {
    pub(crate) server: Server,
    /// Owner of the organization `searchers`, which owns the shop.
    pub(crate) ada: Actor,
    /// Owner of the organization `compilers`, which owns the bank.
    pub(crate) grace: Actor,
    /// User of the shop, owner of the team `crew`.
    pub(crate) alan: Actor,
    /// User of the shop, member of the team `crew` without the owner role.
    pub(crate) mary: Actor,
    /// User of the shop, not a member of the team.
    pub(crate) joan: Actor,
    /// User of the bank.
    pub(crate) bob: Actor,
    /// Ids of entities of alan and of the team `crew`, by the name of the path parameter.
    pub(crate) alan_ids: HashMap<&'static str, String>,
    /// Ids of entities of ada and of her organization, by the name of the path parameter.
    pub(crate) ada_ids: HashMap<&'static str, String>,
    /// Alan's session secret as a header value, for requests to the wrong project.
    pub(crate) session_of_alan: String,
    /// Bob's session secret as a header value.
    pub(crate) session_of_bob: String,
    /// An expired key of the shop.
    pub(crate) expired_key: String,
    /// A key of the bank with all scopes that keys can have.
    pub(crate) key_of_bank: String,
}

impl Fixture {
    /// Creates the fixture.
    pub(crate) async fn new() -> Self {
        let server = Server::with(Options {
            console_open: true,
            // Provides the inbox.
            dev: true,
            ..Options::default()
        })
        .await;
        let ada = server.console_user("ada").await;
        let grace = server.console_user("grace").await;
        let organization = team(&ada, "searchers").await;
        team(&grace, "compilers").await;
        for (id, organization) in [(SHOP, "searchers"), (BANK, "compilers")] {
            add_project(&server, id, organization).await;
        }
        let alan = server.user(SHOP, "alan").await;
        let mary = server.user(SHOP, "mary").await;
        let joan = server.user(SHOP, "joan").await;
        let bob = server.user(BANK, "bob").await;
        let membership = team(&alan, "crew").await;
        let helper = ephemeral_key(&server, SHOP, &[Scope::TeamsWrite]);
        server
            .guest(SHOP)
            .with_header("x-appwrite-key", &helper)
            .post(
                "/v1/teams/crew/memberships",
                json!({"userId": "mary", "roles": ["reader"]}),
            )
            .await
            .assert_status(201);
        let mut alan_ids = entity_ids(&alan, "alan", "crew", membership).await;
        alan_ids.extend(add_entity_ids(&server).await);
        let (transaction, export) = add_library(&server).await;
        alan_ids.extend([("transactionId", transaction), ("transferId", export)]);
        let ada_ids = entity_ids(&ada, "ada", "searchers", organization).await;
        let past = server.clock.now();
        let expired_key = add_key(&server, SHOP, Some(past)).await;
        let key_of_bank = add_key(&server, BANK, None).await;
        let session_of_alan = session_of(&server, SHOP, "alan").await;
        let session_of_bob = session_of(&server, BANK, "bob").await;
        Self {
            server,
            session_of_alan,
            session_of_bob,
            ada,
            grace,
            alan,
            mary,
            joan,
            bob,
            alan_ids,
            ada_ids,
            expired_key,
            key_of_bank,
        }
    }

    /// An actor with an ephemeral key of a project that has exactly these scopes and expires after an hour.
    pub(crate) fn key(&self, project: &str, scopes: &[Scope]) -> Actor {
        let key = ephemeral_key(&self.server, project, scopes);
        self.server.guest(project).with_header("x-appwrite-key", &key)
    }

    /// All rows and events of all three databases as text: users, sessions, teams, keys, tables, the change log.
    pub(crate) async fn snapshot(&self) -> Vec<String> {
        let mut all = Vec::new();
        for database in [CONSOLE, SHOP, BANK] {
            all.extend(rows::of(&self.server, database).await);
        }
        all
    }
}

/// All scopes that a key can have.
pub(crate) fn key_scopes() -> Vec<Scope> {
    Scope::ALL.iter().copied().filter(|scope| scope.is_for_keys()).collect()
}

/// An ephemeral key that expires after an hour, as functions get it.
pub(crate) fn ephemeral_key(server: &Server, project: &str, scopes: &[Scope]) -> String {
    let claims = api::identify::KeyClaims {
        project_id: project.to_owned(),
        name: "key".to_owned(),
        scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
    };
    let app = &server.running.app;
    let key = app.vault.signing_key();
    format!(
        "ephemeral_{}",
        jwt::sign(key, api::identify::KEY_JWT, &claims, server.clock.now(), 3600)
    )
}

/// Creates a team and returns the id of its owner's membership.
async fn team(owner: &Actor, id: &str) -> String {
    let created = owner.post("/v1/teams", json!({"teamId": id, "name": id})).await;
    created.assert_status(201);
    let members = owner.get(&format!("/v1/teams/{id}/memberships")).await;
    members.body["memberships"][0]["$id"]
        .as_str()
        .expect("a membership")
        .to_owned()
}

async fn entity_ids(owner: &Actor, user: &str, team: &str, membership: String) -> HashMap<&'static str, String> {
    let session = owner.get("/v1/account/sessions/current").await.text("$id").to_owned();
    HashMap::from([
        ("userId", user.to_owned()),
        ("sessionId", session),
        ("teamId", team.to_owned()),
        ("membershipId", membership),
        ("projectId", SHOP.to_owned()),
        ("identityId", "identity".to_owned()),
        ("targetId", "target".to_owned()),
        ("type", "totp".to_owned()),
        ("keyId", "key".to_owned()),
        ("platformId", "platform".to_owned()),
        ("attemptId", "attempt".to_owned()),
        ("provider", "github".to_owned()),
        ("providerId", "github".to_owned()),
        ("method", "email-password".to_owned()),
        ("policyId", "password-history".to_owned()),
        ("methodId", "email-password".to_owned()),
        ("number", "+15555550199".to_owned()),
        ("locale", "en".to_owned()),
        ("databaseId", "library".to_owned()),
        ("tableId", "books".to_owned()),
        ("collectionId", "books".to_owned()),
        ("key", "title".to_owned()),
        ("column", "title".to_owned()),
        ("attribute", "title".to_owned()),
        ("transactionId", "none".to_owned()),
        ("transferId", "none".to_owned()),
        ("rowId", "first".to_owned()),
        ("documentId", "first".to_owned()),
    ])
}

/// Creates a project in development, as the console creates it on a server in development mode.
pub(crate) async fn add_project(server: &Server, id: &str, organization: &str) {
    let app = &server.running.app;
    app.engine.create(id).await.expect("a database");
    let now = server.clock.now();
    let record = Record {
        id: ProjectId::trusted(id),
        created_at: now,
        updated_at: now,
        name: id.to_owned(),
        description: String::new(),
        team_id: TeamId::trusted(organization),
        logo: String::new(),
        url: String::new(),
        legal_name: String::new(),
        legal_country: String::new(),
        legal_state: String::new(),
        legal_city: String::new(),
        legal_address: String::new(),
        legal_tax_id: String::new(),
        labels: Json(Vec::new()),
        settings: Json(projects::Settings {
            development: true,
            ..projects::Settings::default()
        }),
        ping_count: 0,
        pinged_at: None,
    };
    let console = app.projects.database();
    console
        .write(move |tx| projects::project::insert(tx, &record))
        .await
        .expect("a project");
}

/// Inserts entities of the shop and of alan: a platform, a key, a development key, an identity, recovery codes. Returns
/// their ids by the name of the path parameter.
async fn add_entity_ids(server: &Server) -> HashMap<&'static str, String> {
    let (app, now) = (&server.running.app, server.clock.now());
    let mut platform = Platform {
        id: PlatformId::generate(now),
        created_at: now,
        updated_at: now,
        project_id: ProjectId::trusted(SHOP),
        r#type: PlatformType::Web,
        name: "web".to_owned(),
        key: String::new(),
        store: String::new(),
        hostname: "shop.example".to_owned(),
    };
    let later = Timestamp::parse("2030-01-01T00:00:00.000+00:00").expect("a date");
    // The routes of keys and of development keys use the same parameter name, so both entities have the same id.
    let key = key_row(server, SHOP, "standard_x", None);
    let dev_key = DevKey {
        id: DevKeyId::trusted(key.id.as_str()),
        created_at: now,
        updated_at: now,
        project_id: ProjectId::trusted(SHOP),
        name: "dev".to_owned(),
        expire: later,
        digest: secrets::digest("dev"),
        sealed: app.vault.seal("dev", key.id.as_str()).0,
        accessed_at: None,
        sdks: Json(Vec::new()),
    };
    let identity = Identity {
        id: IdentityId::generate(now),
        created_at: now,
        updated_at: now,
        user_id: UserId::trusted("alan"),
        provider: "github".to_owned(),
        provider_uid: "1".to_owned(),
        provider_email: "alan@example.com".to_owned(),
        provider_email_verified: true,
        provider_grant: None,
        provider_expiry: None,
    };
    let own = HashMap::from([
        ("platformId", platform.id.to_string()),
        ("keyId", key.id.to_string()),
        ("identityId", identity.id.to_string()),
    ]);
    let console = app.projects.database();
    console
        .write(move |tx| {
            projects::platforms::insert(tx, &mut platform)?;
            projects::keys::insert(tx, &key)?;
            projects::keys::dev_insert(tx, &dev_key)
        })
        .await
        .expect("a platform and keys");
    let shop = app.engine.database(SHOP);
    let vault = Arc::clone(&app.vault);
    shop.write(move |tx| {
        tx.execute(&identity.insert())?;
        recovery_codes::create(tx, &UserId::trusted("alan"), &vault)
    })
    .await
    .expect("an identity and recovery codes");
    own
}

/// Creates the shop's database `library` with the table `books`, which has the column `title`, an index of that name,
/// and the row `first`. Returns the ids of a new transaction of a server and of a finished export.
async fn add_library(server: &Server) -> (String, String) {
    let app = &server.running.app;
    let records = records::Records::new(std::sync::Arc::clone(&app.vault)).of(SHOP);
    let shop = app.engine.database(SHOP);
    shop.write(move |tx| {
        let database = DatabaseId::trusted("library");
        let library = databases::create(tx, &database, "Library", true, "tablesdb")?;
        let books = TableId::trusted("books");
        let new = tables::NewTable {
            id: books.clone(),
            name: "Books".to_owned(),
            permissions: Permissions::default(),
            row_security: true,
            enabled: true,
        };
        tables::create(tx, &library, new)?;
        let title = ColumnKey::trusted("title");
        let spec = columns::Spec {
            kind: Kind::String { size: 64 },
            required: false,
            array: false,
            default: None,
            encrypt: false,
        };
        let table = records.table(tx, &database, &books)?;
        columns::create(tx, &table, &title, spec)?;
        let table = records.table(tx, &database, &books)?;
        let spec = indexes::IndexSpec {
            kind: indexes::IndexKind::Key,
            columns: vec!["title".to_owned()],
            lengths: Vec::new(),
            orders: Vec::new(),
            folded: false,
        };
        indexes::create(tx, &table, &title, spec)?;
        let table = records.table(tx, &database, &books)?;
        let new = NewRow {
            id: RowId::trusted("first"),
            data: serde_json::Map::new(),
            permissions: None,
        };
        table_rows::create(tx, &table, &Access::Server, &new)?;
        let transaction = transactions::create(tx, &Access::Server, 3600)?;
        let export = transfer::create(tx, &table, EXPORT)?;
        let mut export = transfer::lock(tx, export.table_seq, &export.id)?.expect("it was just made");
        transfer::finish(tx, &mut export, None)?;
        records::Result::Ok((transaction.id.to_string(), export.id.to_string()))
    })
    .await
    .expect("a library")
}

/// An empty export of the table `books`.
const EXPORT: transfer::NewTransfer = transfer::NewTransfer {
    direction: transfer::Direction::Export,
    format: transfer::Format::Csv,
    on_conflict: transfer::OnConflict::Report,
    bytes_total: 0,
};

fn key_row(server: &Server, project: &str, secret: &str, expire: Option<Timestamp>) -> Key {
    let (app, now) = (&server.running.app, server.clock.now());
    let id = KeyId::generate(now);
    Key {
        created_at: now,
        updated_at: now,
        project_id: ProjectId::trusted(project),
        name: "key".to_owned(),
        scopes: Json(key_scopes()),
        expire,
        digest: secrets::digest(secret),
        sealed: app.vault.seal(secret, id.as_str()).0,
        accessed_at: None,
        sdks: Json(Vec::new()),
        id,
    }
}

/// Creates a key with all scopes that keys can have, and returns its secret.
async fn add_key(server: &Server, project: &str, expire: Option<Timestamp>) -> String {
    let secret = format!("standard_{}", secrets::random::hex(256));
    let key = key_row(server, project, &secret, expire);
    let console = server.running.app.projects.database();
    console
        .write(move |tx| projects::keys::insert(tx, &key))
        .await
        .expect("a key");
    secret
}

async fn session_of(server: &Server, project: &str, name: &str) -> String {
    let body = json!({"email": format!("{name}@example.com"), "password": PASSWORD});
    let reply = server.guest(project).post("/v1/account/sessions/email", body).await;
    reply.assert_status(201);
    let cookies = reply
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok());
    let own = format!("a_session_{project}=");
    let cookie = cookies
        .into_iter()
        .find_map(|cookie| cookie.strip_prefix(&own))
        .expect("a cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

/// Adds a confirmed member to a team, below the API.
pub(crate) async fn join(server: &Server, database: &str, team: &str, user: &str, roles: &[&str]) {
    let team = TeamId::parse(team).expect("a team ID");
    let user = UserId::parse(user).expect("a user ID");
    let roles = roles.iter().map(ToString::to_string).collect::<Vec<_>>();
    let database = server.running.app.engine.database(database);
    let joined = database.write(move |tx| {
        let team = identity::teams::find(tx, &team)?.managed_by_server();
        identity::memberships::add(tx, &team, &user, roles)
    });
    joined.await.expect("a new member");
}
