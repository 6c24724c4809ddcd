//! Maintenance: an hourly job that deletes rows at the end of their retention, by the rules that services declare.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use api::Service;
use api::service::{In, Queue};
use db::Database;
use db::retention::{self, Age, Ends, Retention};
use jobs::{JobError, Schedule};
use projects::CONSOLE;

/// Kind of the job.
const EXPIRE: &str = "maintenance.expire";

/// One job at a time: it goes through all databases.
const QUEUE: Queue = Queue {
    name: "maintenance",
    options: || jobs::Options {
        concurrency: 1,
        run: Duration::from_secs(50 * 60),
        ..jobs::Options::default()
    },
};

/// Ages that are settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ages {
    /// Of the audit logs of projects.
    pub(crate) audit: Duration,
    /// Of the audit log of the console.
    pub(crate) console_audit: Duration,
}

/// Rules by table.
type Rules = BTreeMap<&'static str, Retention>;

/// The rules of the tables of every database, of the console's only, and of the projects' only.
#[derive(Debug, Clone, Default)]
pub struct AllRules {
    console: Rules,
    projects: Rules,
}

impl AllRules {
    /// Collects the rules of services and of the database engine.
    pub fn of(services: &[Service]) -> Self {
        let mut all = Self::default();
        let declared = services.iter().flat_map(|service| service.retention.iter().copied());
        for (within, rules) in declared.chain([(In::EveryDatabase, retention::OWN)]) {
            let named = || rules.iter().map(|rule| (rule.table, *rule));
            if within != In::Projects {
                all.console.extend(named());
            }
            if within != In::Console {
                all.projects.extend(named());
            }
        }
        all
    }

    /// Rules of a database.
    pub fn of_database(&self, name: &str) -> &BTreeMap<&'static str, Retention> {
        if name == CONSOLE { &self.console } else { &self.projects }
    }
}

/// The service: no endpoint, a schedule and its job.
///
/// # Errors
/// A message if the pattern of the schedule is invalid.
pub(crate) fn service(services: &[Service], ages: Ages) -> Result<Service, String> {
    let rules = Arc::new(AllRules::of(services));
    let hourly = Schedule::cron("maintenance.hourly", "23 * * * *", EXPIRE)?;
    let service = Service::new("maintenance", (), Vec::new())
        .jobs(QUEUE, ("v1-maintenance", &[EXPIRE]), move |worker, app| {
            let (rules, engine) = (Arc::clone(&rules), app.engine.clone());
            worker.handle(EXPIRE, move |_| {
                let (rules, engine) = (Arc::clone(&rules), engine.clone());
                async move {
                    for name in engine.names().await? {
                        expire_all(&engine.database(&name), rules.of_database(&name), ages).await?;
                    }
                    Ok(())
                }
            })
        })
        .schedule(hourly);
    Ok(service)
}

async fn expire_all(database: &Database, rules: &Rules, ages: Ages) -> Result<(), JobError> {
    for Retention { table, ends } in rules.values().copied() {
        let Ends::Aged(age, step) = ends else { continue };
        let age = match age {
            Age::Fixed(age) => age,
            Age::Audit if database.name() == CONSOLE => ages.console_audit,
            Age::Audit => ages.audit,
        };
        loop {
            match database.write(move |tx| step(tx, tx.now().minus(age))).await {
                Ok(0) => break,
                Ok(_) => {}
                // The project was deleted meanwhile.
                Err(db::Error::NoSuchDatabase(_)) => return Ok(()),
                // One table must not keep the others from being cleared; the next run comes in an hour.
                Err(error) => {
                    tracing::warn!(%error, database = database.name(), table, "old rows were not deleted");
                    break;
                }
            }
        }
    }
    Ok(())
}
