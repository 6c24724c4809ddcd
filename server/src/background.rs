//! Background work: job workers of the declared queues, schedules, commit listeners and tasks.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::App;
use api::service::Service;
use jobs::{Scheduler, Worker};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::log_trimmer;

/// Running background work.
pub(crate) struct Background {
    workers: Vec<jobs::Running>,
    scheduler: Scheduler,
    tasks: Vec<JoinHandle<()>>,
    services: Vec<Service>,
}

impl Background {
    /// Starts everything that the services declare.
    pub(crate) fn start(app: &Arc<App>, services: &[Service]) -> Self {
        for listener in services.iter().flat_map(|service| service.listeners.clone()) {
            // A weak reference: the engine owns its listeners and the app owns the engine, which would be a cycle.
            let held = Arc::downgrade(app);
            app.engine.on_commit(move |commit| {
                if let Some(app) = held.upgrade() {
                    listener(&app, commit);
                }
            });
        }
        let mut workers: BTreeMap<&'static str, Worker> = BTreeMap::new();
        for jobs in services.iter().flat_map(|service| &service.jobs) {
            let worker = workers
                .remove(jobs.queue.name)
                .unwrap_or_else(|| Worker::new(app.engine.clone(), (jobs.queue.options)()));
            workers.insert(jobs.queue.name, (jobs.register)(worker, app));
        }
        let schedules = services.iter().flat_map(|service| service.schedules.clone()).collect();
        let tasks = services.iter().flat_map(|service| &service.tasks);
        let mut tasks: Vec<_> = tasks.map(|task| tokio::spawn(task(Arc::clone(app)))).collect();
        tasks.push(log_trimmer::start(&app.engine));
        Self {
            workers: workers.into_values().map(Worker::start).collect(),
            scheduler: Scheduler::start(app.projects.database().clone(), schedules),
            tasks,
            services: services.to_vec(),
        }
    }

    /// Checks immediately whether a schedule is due.
    pub(crate) fn wake_schedules(&self) {
        self.scheduler.wake();
    }

    /// Stops all background work: takes no new jobs, waits for running ones and for the requests until `deadline`,
    /// aborts tasks, and runs the services' stop hooks.
    pub(crate) async fn stop(self, app: &Arc<App>, requests: JoinHandle<()>, deadline: Instant) {
        let mut stopping = vec![requests, tokio::spawn(self.scheduler.stop())];
        stopping.extend(
            self.workers
                .into_iter()
                .map(|worker| tokio::spawn(worker.stop_by(deadline))),
        );
        for part in stopping {
            let _ = part.await;
        }
        self.tasks.iter().for_each(JoinHandle::abort);
        for last in self.services.iter().flat_map(|service| &service.at_stop) {
            last(Arc::clone(app)).await;
        }
    }
}
