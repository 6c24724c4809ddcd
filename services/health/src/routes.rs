use api::Endpoint;
use kernel::Scope;

use crate::{State, checks, queues};

/// The table of operations.
pub fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/health/version", checks::version)
            .about("The version of the API that this server speaks.")
            .scope(Scope::Public)
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health", checks::http)
            .id("health.get")
            .about("Whether the server answers at all.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/db", checks::db)
            .id("health.getDB")
            .about("Whether the database answers, and how soon.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/cache", checks::cache)
            .id("health.getCache")
            .about("Whether the store of rate limits answers, and how soon.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/pubsub", checks::pubsub)
            .id("health.getPubSub")
            .about("Whether what the nodes speak over answers, and how soon.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/storage", checks::storage)
            .id("health.getStorage")
            .about("Whether files can be written, and how soon.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/storage/local", checks::storage)
            .id("health.getStorageLocal")
            .about("Whether the data folder can be written to, and how soon.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/services", checks::services)
            .about("Whether what each service stands on answers, and how soon.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/time", checks::time)
            .id("health.getTime")
            .about("How far this server's clock and its database's are apart.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/mails", queues::mails)
            .id("health.getQueueMails")
            .about("Number of waiting mails and SMS of the project.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/databases", queues::databases)
            .id("health.getQueueDatabases")
            .about("How many changes of the project's tables wait.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/migrations", queues::migrations)
            .id("health.getQueueMigrations")
            .about("How many imports and exports of the project wait.")
            .scope(Scope::HealthRead),
        Endpoint::get("/v1/health/queue/failed/{name}", queues::failed)
            .id("health.getFailedJobs")
            .about("How many jobs of the project were given up.")
            .scope(Scope::HealthRead),
    ]
}
