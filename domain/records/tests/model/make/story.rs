//! Random stories: a table with a sequence of queries and changes.

use super::{case, change, world};
use crate::plain::Table;
use crate::rng::Rng;
use crate::world::{Step, Story};

/// Number of rounds of changes, and of changes per round.
const ROUNDS: usize = 8;
const DEEDS: usize = 10;

/// A story with a number of queries: half of them on the initial table, the others between changes.
pub(crate) fn story(rng: &mut Rng, questions: usize) -> Story {
    let rows = *rng.pick(&[0, 1, 5, 50, 50, 150]);
    let world = world(rng, rows);
    let mut table = Table::new(&world);
    let mut now = kernel::Timestamp::from_millis(1_767_225_600_000);
    for row in &world.rows {
        let later = now.plus(std::time::Duration::from_millis(row.after));
        if table.create(row, later).is_ok() {
            now = later;
        }
    }
    let mut steps = Vec::new();
    for _ in 0..questions / 2 {
        steps.push(Step::Ask(case(rng, &table)));
    }
    for round in 1..=ROUNDS {
        for _ in 0..DEEDS {
            let change = change(rng, &table);
            // The result does not matter here; applying the change keeps later changes related to existing rows.
            let _ = table.apply(&change, now);
            steps.push(Step::Do(change));
        }
        while steps.len() < questions / 2 + DEEDS * round + (questions - questions / 2) * round / ROUNDS {
            steps.push(Step::Ask(case(rng, &table)));
        }
    }
    Story { world, steps }
}
