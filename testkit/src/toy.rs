//! A test service that declares one of each thing a service can own.
//!
//! Its noun is a note: an ID and a text. A job converts the text to upper case, an hourly schedule counts its runs, a
//! cache stores notes that were read, a listener counts commits.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use api::service::{Cache, In, Queue, Service};
use api::socket::Bounds;
use api::{Call, Created, Endpoint, Navigation, Reply, Result};
use db::{Migration, ToValue};
use futures_util::{SinkExt, StreamExt};
use http::StatusCode;
use kernel::Scope;
use kernel::param::Text;
use parking_lot::Mutex;

/// Records the calls of the service's handlers.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Cached notes, by ID.
    pub remembered: Mutex<HashMap<String, String>>,
    /// Number of runs of the schedule.
    pub ticks: AtomicUsize,
    /// Number of commits with events of notes.
    pub commits: AtomicUsize,
    /// Whether the task has started.
    pub running: AtomicBool,
    /// Whether the stop handler has run.
    pub stopped: AtomicBool,
    /// Whether the health check fails.
    pub unhealthy: AtomicBool,
}

const TABLES: &[Migration] = &[Migration {
    name: "2026-11-30-toy-notes",
    up: |schema| {
        schema
            .tx()
            .batch("CREATE TABLE notes (id text NOT NULL PRIMARY KEY, text text NOT NULL)")
    },
}];

const UPPERCASE_JOB: &str = "toy.shout";
const HOURLY_JOB: &str = "toy.tick";
const TOPIC: &str = "toy.note";

api::model! {
    /// A note.
    pub struct Note as "note" {
        /// Note ID.
        id: String = "$id",
        /// Note text.
        text: String = "text",
    }
}

kernel::params! {
    /// Parameters of a new note.
    pub struct CreateNote {
        /// Note ID.
        id: Text<36, 1> = "noteId",
        /// Note text.
        text: Text<100> = "text",
    }
}

kernel::params! {
    /// Parameters to get a note.
    pub struct GetNote {
        /// Note ID.
        id: Text<36, 1> = "noteId",
    }
}

async fn create(call: Call<Arc<Recorded>>, input: CreateNote) -> Result<Created<Note>> {
    let note = Note {
        id: input.id.0,
        text: input.text.0,
    };
    call.act(move |act| {
        act.sql_execute(
            "INSERT INTO notes (id, text) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text",
            &[note.id.to_value(), note.text.to_value()],
        )?;
        act.note(TOPIC, &note.id);
        act.enqueue(UPPERCASE_JOB, &serde_json::json!({ "id": note.id }), None)?;
        act.record_event(&[("noteId", &note.id)], serde_json::json!({ "$id": note.id }))?;
        api::Result::Ok(Created(note))
    })
    .await
}

async fn get(call: Call<Arc<Recorded>>, input: GetNote) -> Result<Note> {
    let id = input.id.0;
    if let Some(text) = call.state.remembered.lock().get(&id).cloned() {
        return Ok(Note { id, text });
    }
    let key = id.clone();
    let text: String = call
        .read(move |tx| tx.sql_one("SELECT text FROM notes WHERE id = ?", &[key.to_value()]))
        .await?;
    call.state.remembered.lock().insert(id.clone(), text.clone());
    Ok(Note { id, text })
}

/// Sends each received text message back.
async fn echo(call: Call<Arc<Recorded>>, (): ()) -> Result<Navigation> {
    let bounds = Bounds {
        message: 64_000,
        waiting: 1 << 20,
    };
    call.accept(bounds, |mut socket| async move {
        while let Some(Ok(message)) = socket.next().await {
            if !message.is_text() || socket.send(message).await.is_err() {
                break;
            }
        }
    })
}

/// Builds the service.
///
/// # Panics
/// If the cron pattern is invalid.
pub fn service(recorded: &Arc<Recorded>) -> Service {
    let routes = vec![
        Endpoint::post("/v1/toy/notes", create)
            .id("toy.createNote")
            .scope(Scope::Public)
            .emits("notes.[noteId].create"),
        Endpoint::get("/v1/toy/notes/{noteId}", get)
            .id("toy.getNote")
            .scope(Scope::Public),
        Endpoint::get("/v1/toy/socket", echo).scope(Scope::Public),
    ];
    let queue = Queue {
        name: "toy",
        options: jobs::Options::default,
    };
    let hourly = jobs::Schedule::cron("toy.hourly", "0 * * * *", HOURLY_JOB).expect("a pattern");
    let (ticking, listening, forgetting, forgetting_all) = (
        Arc::clone(recorded),
        Arc::clone(recorded),
        Arc::clone(recorded),
        Arc::clone(recorded),
    );
    let (checked, running, stopping) = (Arc::clone(recorded), Arc::clone(recorded), Arc::clone(recorded));
    Service::new("toy", Arc::clone(recorded), routes)
        .switched_by(projects::Service::Sites)
        .site(
            "/toy",
            Arc::new(|_, _| {
                Box::pin(async { Reply::html(StatusCode::OK, "<h1>Toy</h1>".to_owned(), "default-src 'none'") })
            }),
        )
        .tables(In::Projects, TABLES)
        .jobs(queue, ("toy", &[UPPERCASE_JOB, HOURLY_JOB]), move |worker, _| {
            let recorded = Arc::clone(&ticking);
            worker
                .handle(UPPERCASE_JOB, |job| async move {
                    let id = job.payload["id"].as_str().unwrap_or_default().to_owned();
                    let written = job.database.write(move |tx| {
                        tx.note(TOPIC, &id);
                        tx.sql_execute("UPDATE notes SET text = upper(text) WHERE id = ?", &[id.to_value()])
                    });
                    written.await?;
                    Ok(())
                })
                .handle(HOURLY_JOB, move |_| {
                    let recorded = Arc::clone(&recorded);
                    async move {
                        recorded.ticks.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    }
                })
        })
        .schedule(hourly)
        .listener(move |_, commit| {
            let is_note = |one: &db::Recorded| one.event.subject.iter().any(|segment| segment.noun == "notes");
            if commit.events.iter().any(is_note) {
                listening.commits.fetch_add(1, Ordering::SeqCst);
            }
        })
        .cache(Cache::new(
            TOPIC,
            move |_, _, id| drop(forgetting.remembered.lock().remove(id)),
            move |_| forgetting_all.remembered.lock().clear(),
        ))
        .health("toy", move |_| {
            let is_unhealthy = checked.unhealthy.load(Ordering::SeqCst);
            async move {
                if is_unhealthy {
                    Err("unhealthy".to_owned())
                } else {
                    Ok(())
                }
            }
        })
        .task(move |_| {
            let recorded = Arc::clone(&running);
            async move { recorded.running.store(true, Ordering::SeqCst) }
        })
        .at_stop(move |_| {
            let recorded = Arc::clone(&stopping);
            async move { recorded.stopped.store(true, Ordering::SeqCst) }
        })
}
