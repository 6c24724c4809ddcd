//! Labels, by which owners find projects.

use api::{Call, Result};
use kernel::Label;
use kernel::label::distinct;
use kernel::param::List;

use crate::project::change;
use crate::{State, Wire};

kernel::params! {
    /// Parameters of changed labels.
    pub struct UpdateLabels {
        /// All labels of the project.
        labels: List<Label, 1000> = "labels",
    }
}

/// Replaces the project's labels.
pub async fn update<W: Wire>(call: Call<State<W>>, input: UpdateLabels) -> Result<W::Project> {
    let labels = distinct(input.labels.0);
    change(&call, move |record| record.labels.0 = labels).await
}
