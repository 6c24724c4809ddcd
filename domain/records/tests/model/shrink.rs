//! Reduction of a failing story.

use db::testing::Fixture;

use crate::check::{Difference, run};
use crate::world::{Step, Story};

/// Maximum number of attempts; each creates the table again.
const ATTEMPTS: usize = 300;

pub(crate) struct Shrinker<'a> {
    fixtures: &'a [Fixture],
    attempts: usize,
}

impl<'a> Shrinker<'a> {
    pub(crate) fn new(fixtures: &'a [Fixture]) -> Self {
        Self { fixtures, attempts: 0 }
    }

    /// The smallest failing story that was found, and its difference.
    pub(crate) async fn shrink(mut self, mut story: Story, found: Difference) -> (Story, String) {
        let mut what = found.what;
        story.steps.truncate(found.step + 1);
        // Queries change nothing, so all before the failing step are removed.
        let last = story.steps.len().saturating_sub(1);
        let mut only = story.clone();
        only.steps = only
            .steps
            .into_iter()
            .enumerate()
            .filter(|(at, step)| *at == last || matches!(step, Step::Do(_)))
            .map(|(_, step)| step)
            .collect();
        if let Some(how) = self.fails(&only).await {
            (story, what) = (only, how);
        }
        what = self.thin(&mut story, what, |story| &mut story.steps).await;
        what = self.thin(&mut story, what, |story| &mut story.world.rows).await;
        while let Some((smaller, how)) = self.smaller(&story).await {
            (story, what) = (smaller, how);
        }
        (story, what)
    }

    /// Removes unnecessary items: first halves of the list, finally single items.
    async fn thin<T: Clone>(
        &mut self,
        story: &mut Story,
        mut what: String,
        list: impl Fn(&mut Story) -> &mut Vec<T>,
    ) -> String {
        let mut step = (list(story).len() / 2).max(1);
        while step > 0 {
            let mut start = 0;
            while start < list(story).len() {
                let mut fewer = story.clone();
                let all = list(&mut fewer);
                all.drain(start..(start + step).min(all.len()));
                match self.fails(&fewer).await {
                    Some(how) => (*story, what) = (fewer, how),
                    None => start += step,
                }
            }
            step /= 2;
        }
        what
    }

    /// One reduction: removes a query, a part of one, an index or a column.
    async fn smaller(&mut self, story: &Story) -> Option<(Story, String)> {
        let mut candidates = Vec::new();
        if let Some(Step::Ask(case)) = story.steps.last() {
            for (index, query) in case.queries.iter().enumerate() {
                let mut fewer = case.clone();
                fewer.queries.remove(index);
                candidates.push(with_case(story, fewer));
                for part in query["values"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|part| part.is_object())
                {
                    let mut simpler = case.clone();
                    simpler.queries[index] = part.clone();
                    candidates.push(with_case(story, simpler));
                }
            }
        }
        for index in 0..story.world.indexes.len() {
            let mut fewer = story.clone();
            fewer.world.indexes.remove(index);
            candidates.push(fewer);
        }
        for column in 0..story.world.columns.len() {
            let mut fewer = story.clone();
            let key = fewer.world.columns.remove(column).key.to_string();
            fewer.world.indexes.retain(|index| !index.columns.contains(&key));
            fewer.world.rows.iter_mut().for_each(|row| {
                row.data.remove(&key);
            });
            candidates.push(fewer);
        }
        for candidate in candidates {
            if let Some(how) = self.fails(&candidate).await {
                return Some((candidate, how));
            }
        }
        None
    }

    async fn fails(&mut self, story: &Story) -> Option<String> {
        self.attempts += 1;
        if self.attempts > ATTEMPTS {
            return None;
        }
        let result = run(self.fixtures, &format!("shrink{}", self.attempts), story).await;
        result.err().map(|difference| difference.what)
    }
}

/// The story with its last query replaced.
fn with_case(story: &Story, case: crate::world::Case) -> Story {
    let mut other = story.clone();
    other.steps.pop();
    other.steps.push(Step::Ask(case));
    other
}
