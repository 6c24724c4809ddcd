//! Labels, which the project's owners find it by.

use api::{Call, Result};
use kernel::Label;
use kernel::param::List;

use crate::own::change;
use crate::{State, model};

kernel::params! {
    /// Other labels.
    pub(crate) struct UpdateLabels {
        /// All labels that the project is to have.
        labels: List<Label, 1000> = "labels",
    }
}

pub(crate) async fn update(call: Call<State>, input: UpdateLabels) -> Result<model::Project> {
    change(&call, |record| {
        record.labels.0 = kernel::label::distinct(input.labels.0)
    })
    .await
}
