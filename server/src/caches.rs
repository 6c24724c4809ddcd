//! Invalidation of the caches that services declare: directly on this node, over the bus on the others.

use std::collections::HashMap;
use std::sync::Arc;

use api::App;
use api::service::{Cache, Service};
use bus::{Bus, Delivery};
use db::Note;

/// Bus topic of cache invalidations. Payload: database, topic and key, separated by line feeds.
const INVALIDATIONS: &str = "stale";

/// Caches by the topic that invalidates them.
type ByTopic = HashMap<&'static str, Vec<Cache>>;

/// Invalidates caches after commits of this node and, when a bus is configured, of the other nodes.
pub(crate) fn watch(app: &Arc<App>, services: &[Service], others: Option<&Bus>) {
    let mut caches = ByTopic::new();
    for cache in services.iter().flat_map(|service| &service.caches) {
        caches.entry(cache.topic).or_default().push(cache.clone());
    }
    let caches = Arc::new(caches);
    let (here, sender) = (Arc::downgrade(app), others.cloned());
    let known = Arc::clone(&caches);
    app.engine.on_commit(move |commit| {
        let Some(app) = here.upgrade() else { return };
        for Note { topic, key } in commit.notes {
            forget(&app, &known, (commit.database, topic, key));
            if let Some(bus) = &sender {
                bus.publish(INVALIDATIONS, format!("{}\n{topic}\n{key}", commit.database).as_bytes());
            }
        }
    });
    let Some(bus) = others else { return };
    let mut messages = bus.subscribe(INVALIDATIONS);
    let app = Arc::downgrade(app);
    tokio::spawn(async move {
        while let Some(delivery) = messages.recv().await {
            let Some(app) = app.upgrade() else { return };
            match delivery {
                Delivery::Message(message) => {
                    let text = String::from_utf8_lossy(&message);
                    let mut parts = text.splitn(3, '\n');
                    if let (Some(database), Some(topic), Some(key)) = (parts.next(), parts.next(), parts.next()) {
                        forget(&app, &caches, (database, topic, key));
                    }
                }
                // The lost messages are unknown, so every cached value may be stale.
                Delivery::Gap => caches.values().flatten().for_each(|cache| (cache.forget_all)(&app)),
            }
        }
    });
}

fn forget(app: &App, caches: &ByTopic, (database, topic, key): (&str, &str, &str)) {
    for cache in caches.get(topic).into_iter().flatten() {
        (cache.forget)(app, database, key);
    }
}
