//! Comparison of one table on every engine and in the model.

use std::time::Duration;

use db::testing::Fixture;
use kernel::Timestamp;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::plain::{self, Table};
use crate::world::{Answer, Case, Change, NewRow, Step, Story, World};

/// Number of queries per act, and of changes per act.
const QUERIES_PER_ACT: usize = 25;
const CHANGES_PER_ACT: usize = 5;

/// A difference, with the step at which it was found.
pub(crate) struct Difference {
    pub(crate) step: usize,
    pub(crate) what: String,
}

/// Runs a story on all engines and the model; returns the first difference.
pub(crate) async fn run(fixtures: &[Fixture], project: &str, story: &Story) -> Result<Tally, Difference> {
    let (mut comparison, opened) = Comparison::open(fixtures, project, &story.world).await;
    let result = match opened {
        Ok(()) => comparison.run(&story.steps).await,
        Err(what) => Err(Difference { step: 0, what }),
    };
    for engine in comparison.engines {
        engine.close().await;
    }
    result.map(|()| comparison.tally)
}

/// Number of queries by kind of result, to show that the queries are meaningful.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) rows: usize,
    pub(crate) none: usize,
    pub(crate) refused: usize,
}

/// A table on every engine, and its model.
struct Comparison<'a> {
    table: Table,
    engines: Vec<Engine<'a>>,
    now: Timestamp,
    tally: Tally,
}

impl<'a> Comparison<'a> {
    /// Creates the table and its rows everywhere; returns a difference in the rows.
    async fn open(fixtures: &'a [Fixture], project: &str, world: &World) -> (Self, Result<(), String>) {
        let mut comparison = Self {
            table: Table::new(world),
            engines: Vec::new(),
            now: fixtures[0].clock.now(),
            tally: Tally::default(),
        };
        let (mut created, mut refused) = (Vec::new(), Vec::new());
        for row in &world.rows {
            let later = comparison.now.plus(Duration::from_millis(row.after));
            match comparison.table.create(row, later) {
                Ok(()) => {
                    comparison.now = later;
                    created.push((row.clone(), None));
                }
                Err(kind) => refused.push((
                    NewRow {
                        after: 0,
                        ..row.clone()
                    },
                    Some(kind),
                )),
            }
        }
        // Rows that must fail come last, because PostgreSQL increments its sequence for them too.
        created.extend(refused);
        let mut opened = Ok(());
        for fixture in fixtures {
            let engine = Engine::open(fixture, project.to_owned(), world).await;
            let rows: Vec<NewRow> = created.iter().map(|(row, _)| row.clone()).collect();
            for (outcome, (row, expected)) in engine.fill(&rows).await.iter().zip(&created) {
                if outcome.as_deref() != *expected && opened.is_ok() {
                    let row = json!(row);
                    opened = Err(format!(
                        "{} answers {outcome:?} to {row}, the model {expected:?}",
                        engine.name
                    ));
                }
            }
            comparison.engines.push(engine);
        }
        if opened.is_ok() {
            opened = comparison.compare().await;
        }
        (comparison, opened)
    }

    async fn run(&mut self, steps: &[Step]) -> Result<(), Difference> {
        let mut at = 0;
        for alike in steps.chunk_by(|one, next| matches!(one, Step::Ask(_)) == matches!(next, Step::Ask(_))) {
            let max = if matches!(alike[0], Step::Ask(_)) {
                QUERIES_PER_ACT
            } else {
                CHANGES_PER_ACT
            };
            for some in alike.chunks(max) {
                let done = match &some[0] {
                    Step::Ask(_) => self.ask(some).await,
                    Step::Do(_) => self.apply(some).await,
                };
                done.map_err(|(step, what)| Difference { step: at + step, what })?;
                at += some.len();
            }
        }
        Ok(())
    }

    async fn ask(&mut self, steps: &[Step]) -> Result<(), (usize, String)> {
        let query_of = |step: &Step| match step {
            Step::Ask(case) => Some(case.clone()),
            Step::Do(_) => None,
        };
        let cases: Vec<Case> = steps.iter().filter_map(query_of).collect();
        let answers = together(self.engines.iter().map(|engine| engine.ask(&cases))).await;
        for (index, case) in cases.iter().enumerate() {
            let of_case: Vec<&Answer> = answers.iter().map(|answers| &answers[index]).collect();
            if let Some(what) = self.differs(case, &of_case) {
                return Err((index, what));
            }
            match of_case[0] {
                Answer::Page { rows, .. } if rows.is_empty() => self.tally.none += 1,
                Answer::Page { .. } => self.tally.rows += 1,
                Answer::Refused { .. } => self.tally.refused += 1,
            }
        }
        Ok(())
    }

    fn differs(&self, case: &Case, answers: &[&Answer]) -> Option<String> {
        let expected = plain::list(&self.table, case);
        for (engine, answer) in self.engines.iter().zip(answers) {
            let what = match (&expected, answer) {
                (Ok(page), Answer::Page { total, rows }) => page.differs(*total, &self.numbered(rows)),
                (Err(kinds), Answer::Refused { kind, .. }) => {
                    (!kinds.contains(&kind.as_str())).then(|| format!("refuses with {kind}, the model with {kinds:?}"))
                }
                (Ok(page), Answer::Refused { kind, message }) => Some(format!(
                    "refuses with {kind} ({message}), the model answers {:?}",
                    page.ids()
                )),
                (Err(kinds), Answer::Page { rows, .. }) => {
                    Some(format!("answers {rows:?}, the model refuses with {kinds:?}"))
                }
            };
            if let Some(what) = what {
                return Some(format!("{} {what}", engine.name));
            }
        }
        // Engines must refuse with the same message.
        let refusals: Vec<_> = answers
            .iter()
            .filter(|answer| matches!(answer, Answer::Refused { .. }))
            .collect();
        let same = refusals.windows(2).all(|pair| pair[0] == pair[1]);
        (!same).then(|| format!("the engines refuse with different messages: {refusals:?}"))
    }

    /// Applies changes everywhere; returns a difference in the results or in the rows afterwards.
    async fn apply(&mut self, steps: &[Step]) -> Result<(), (usize, String)> {
        let change_of = |step: &Step| match step {
            Step::Do(change) => Some(change.clone()),
            Step::Ask(_) => None,
        };
        let changes: Vec<Change> = steps.iter().filter_map(change_of).collect();
        self.now = self.now.plus(Duration::from_millis(1));
        let expected: Vec<_> = changes
            .iter()
            .map(|change| self.table.apply(change, self.now))
            .collect();
        let outcomes = together(self.engines.iter().map(|engine| engine.apply(&changes))).await;
        for (engine, outcomes) in self.engines.iter().zip(outcomes) {
            for (index, (expected, outcome)) in expected.iter().zip(outcomes).enumerate() {
                let same = match (expected, &outcome) {
                    (Ok(()), None) => true,
                    (Err(kinds), Some(kind)) => kinds.contains(&kind.as_str()),
                    _ => false,
                };
                if !same {
                    let (name, change) = (engine.name, json!(changes[index]));
                    return Err((
                        index,
                        format!("{name} answers {outcome:?} to {change}, the model {expected:?}"),
                    ));
                }
            }
        }
        self.compare().await.map_err(|what| (changes.len() - 1, what))
    }

    /// Whether all engines have the same rows as the model.
    async fn compare(&self) -> Result<(), String> {
        let expected: Vec<Value> = self.table.rows.iter().map(|row| self.table.show(row, None)).collect();
        for engine in &self.engines {
            let found = self.numbered(&engine.dump().await);
            if let Some((found, expected)) = found.iter().zip(&expected).find(|(found, expected)| found != expected) {
                return Err(format!("{} has {found}, the model {expected}", engine.name));
            }
            if found.len() != expected.len() {
                return Err(format!(
                    "{} has {} rows, the model {}",
                    engine.name,
                    found.len(),
                    expected.len()
                ));
            }
        }
        Ok(())
    }

    /// Rows with their numbers, if these are comparable between engines.
    fn numbered(&self, rows: &[Value]) -> Vec<Value> {
        let mut rows = rows.to_vec();
        if !self.table.numbered {
            rows.iter_mut().for_each(|row| row["$sequence"] = Value::Null);
        }
        rows
    }
}

/// Waits for all futures concurrently.
async fn together<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = all.map(Box::pin).map(|future| (future, None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (future, answer) in &mut waiting {
            if answer.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *answer = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, answer)| answer).collect()
}
