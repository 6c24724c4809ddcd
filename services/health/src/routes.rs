use api::Endpoint;
use kernel::Scope;

use crate::{State, checks, queues};

/// The table of operations.
pub fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/health/version", checks::version)
            .about("Get the API version.")
            .scope(Scope::Public)
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health", checks::http)
            .id("health.get")
            .about("Check that the server responds.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/anti-virus", checks::antivirus)
            .id("health.getAntivirus")
            .about("Get the state of the virus scanner.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/db", checks::db)
            .id("health.getDB")
            .about("Check the database, and its response time.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/cache", checks::cache)
            .id("health.getCache")
            .about("Check the store of rate limits, and its response time.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/pubsub", checks::pubsub)
            .id("health.getPubSub")
            .about("Check the message bus between nodes, and its response time.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/storage", checks::storage)
            .id("health.getStorage")
            .about("Check that files can be written, and the response time.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/storage/local", checks::storage)
            .id("health.getStorageLocal")
            .about("Check that the data folder is writable, and its response time.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/services", checks::services)
            .about("Check what each service depends on, and the response times.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/time", checks::time)
            .id("health.getTime")
            .about("Get the difference between the server's clock and the database's.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/mails", queues::mails)
            .id("health.getQueueMails")
            .about("Count the project's queued e-mails and SMS.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/databases", queues::databases)
            .id("health.getQueueDatabases")
            .about("Count the project's queued schema changes.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/migrations", queues::migrations)
            .id("health.getQueueMigrations")
            .about("Count the project's queued imports and exports.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/failed/{name}", queues::failed)
            .id("health.getFailedJobs")
            .about("Count the project's failed jobs.")
            .scope(Scope::HealthRead),
    ]
}
