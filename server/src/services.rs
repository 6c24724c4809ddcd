//! The list of services.

use std::path::PathBuf;
use std::sync::Arc;

use api::Service;
use bus::Bus;
use projects::oauth::TestRouting;

/// Dependencies of single services; those that all services share are in `api::App`.
#[derive(Clone)]
pub struct Parts {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// The OAuth2 client.
    pub oauth: oauth::Client,
    /// Test routing of provider calls (`--dev`).
    pub test_routing: TestRouting,
    /// Message bus between nodes.
    pub bus: Bus,
    /// Databases, tables and rows.
    pub records: records::Records,
    /// The data folder.
    pub data: PathBuf,
    /// HTTP client that fetches images on behalf of users.
    pub pictures: outbound::Outbound,
    /// URL of the browser service for screenshots.
    pub browser: Option<url::Url>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts")
            .field("test_routing", &self.test_routing)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl Parts {
    /// Parts for commands that only open the databases: `doctor`, `import`, `export`.
    ///
    /// # Errors
    /// When a built-in provider cannot be read.
    pub fn for_commands() -> Result<Self, String> {
        let outbound = outbound::Outbound::new(outbound::Settings::default());
        let vault = Arc::new(secrets::Vault::new("", &[]));
        Ok(Self {
            registry: Arc::new(oauth::Registry::load(None).map_err(|error| error.to_string())?),
            oauth: oauth::Client::new(outbound.clone(), kernel::Clock::system()),
            test_routing: TestRouting::default(),
            bus: Bus::connect(bus::Settings::Local).map_err(|error| error.to_string())?,
            records: records::Records::new(vault),
            data: PathBuf::new(),
            pictures: outbound,
            browser: None,
        })
    }
}

/// Every service.
pub fn all(parts: &Parts) -> Vec<Service> {
    let Parts {
        registry,
        oauth,
        test_routing,
        bus,
        records,
        data,
        pictures,
        browser,
    } = parts.clone();
    let providers = projects_api::Providers {
        registry: registry.clone(),
        client: oauth.clone(),
        test_routing: test_routing.clone(),
        dev_credentials: Some(|provider| {
            let created = devidp::credentials(provider);
            (created.app_id, created.secret)
        }),
    };
    vec![
        svc_health::service(svc_health::State {
            bus,
            storage: Some(data),
        }),
        svc_avatars::service(svc_avatars::State::new(pictures, browser)),
        svc_locale::service(),
        svc_account::service(svc_account::State {
            registry: registry.clone(),
            client: oauth,
            test_routing,
        }),
        svc_users::service(),
        svc_teams::service(),
        svc_tablesdb::service(tables_api::State {
            records: records.clone(),
        }),
        svc_databases::service(tables_api::State { records }),
        svc_project::service(providers.clone()),
        svc_projects::service(providers),
        svc_console::service(svc_console::State {
            registry,
            limits: svc_console::Limits::default(),
        }),
    ]
}
