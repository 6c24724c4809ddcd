//! Mock phones: numbers that get a fixed code and no SMS.

use api::{Call, Created, Date, NoContent, Result};
use identity::policy::MockNumber;
use kernel::Phone;
use kernel::param::{Param, Rule};
use kernel::query::Texts;
use projects::{Error, mock_phones};
use projects_api::{Wire, project};
use serde_json::{Value, json};

use crate::model;
use crate::own::{Own, State};

/// A code of six digits.
#[derive(Debug, Clone)]
pub(crate) struct Otp(String);

impl Param for Otp {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        value
            .as_str()
            .filter(|text| text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()))
            .map(|text| Self(text.to_owned()))
            .ok_or(Rule::new("Value must be a text of six digits"))
    }

    fn schema() -> Value {
        json!({"type": "string", "minLength": 6, "maxLength": 6})
    }
}

kernel::params! {
    /// Parameters of the list of phone numbers with fixed codes.
    pub(crate) struct ListMockPhones {
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of a phone number with a fixed code.
    pub(crate) struct CreateMockPhone {
        /// The number, E.164.
        number: Phone = "number",
        /// The code, six digits.
        otp: Otp = "otp",
    }
}

kernel::params! {
    /// Parameters of the operations on one phone number.
    pub(crate) struct GetMockPhone {
        /// The number, E.164.
        number: Phone = "number",
    }
}

pub(crate) async fn list(call: Call<State>, input: ListMockPhones) -> Result<model::MockPhoneList> {
    let paging = input.queries.read("", input.total)?.paging(db::list::DEFAULT_LIMIT)?;
    let all = Own::project(&call)?.policy().mock_numbers.iter().map(show).collect();
    let (total, mock_numbers) = model::page(all, paging, input.total);
    Ok(model::MockPhoneList { total, mock_numbers })
}

pub(crate) async fn get(call: Call<State>, input: GetMockPhone) -> Result<model::MockPhone> {
    let numbers = &Own::project(&call)?.policy().mock_numbers;
    let found = numbers.iter().find(|number| number.phone == input.number.as_str());
    Ok(show(found.ok_or(Error::MockPhoneNotFound)?))
}

pub(crate) async fn create(call: Call<State>, input: CreateMockPhone) -> Result<Created<model::MockPhone>> {
    let now = call.now();
    let added = change(&call, move |numbers| {
        mock_phones::add(numbers, &input.number, input.otp.0, now)
    });
    Ok(Created(show(&added.await?)))
}

pub(crate) async fn update(call: Call<State>, input: CreateMockPhone) -> Result<model::MockPhone> {
    let now = call.now();
    let changed = change(&call, move |numbers| {
        mock_phones::change(numbers, &input.number, input.otp.0, now)
    });
    Ok(show(&changed.await?))
}

pub(crate) async fn delete(call: Call<State>, input: GetMockPhone) -> Result<NoContent> {
    change(&call, move |numbers| mock_phones::remove(numbers, &input.number)).await?;
    Ok(NoContent)
}

/// Changes the project's numbers; an error rolls the act back.
async fn change<T: Send + 'static>(
    call: &Call<State>,
    change: impl FnOnce(&mut Vec<MockNumber>) -> projects::Result<T> + Send + 'static,
) -> Result<T> {
    project::try_change(call, |record| change(&mut record.settings.0.policy.mock_numbers)).await
}

fn show(number: &MockNumber) -> model::MockPhone {
    model::MockPhone {
        number: number.phone.clone(),
        otp: number.otp.clone(),
        created_at: Date(number.created_at),
        updated_at: Date(number.updated_at),
    }
}
