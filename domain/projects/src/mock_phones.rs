//! Mock phones: numbers with a fixed code, to which no SMS is sent, for testers.

use identity::policy::MockNumber;
use kernel::{Phone, Timestamp};

use crate::Result;
use crate::error::Error;

/// Maximum number of mock phones per project.
pub const MAX_PHONES: usize = 10;

/// Adds a number.
pub fn add(numbers: &mut Vec<MockNumber>, phone: &Phone, otp: String, now: Timestamp) -> Result<MockNumber> {
    if numbers.iter().any(|number| number.phone == phone.as_str()) {
        return Err(Error::MockPhoneExists);
    }
    if numbers.len() >= MAX_PHONES {
        return Err(Error::MockPhonesFull(MAX_PHONES));
    }
    let number = MockNumber {
        phone: phone.as_str().to_owned(),
        otp,
        created_at: Some(now),
        updated_at: Some(now),
    };
    numbers.push(number.clone());
    Ok(number)
}

/// Changes the code of a number.
pub fn change(numbers: &mut [MockNumber], phone: &Phone, otp: String, now: Timestamp) -> Result<MockNumber> {
    let found = numbers.iter_mut().find(|number| number.phone == phone.as_str());
    let number = found.ok_or(Error::MockPhoneNotFound)?;
    number.otp = otp;
    number.updated_at = Some(now);
    Ok(number.clone())
}

/// Removes a number.
pub fn remove(numbers: &mut Vec<MockNumber>, phone: &Phone) -> Result<()> {
    let before = numbers.len();
    numbers.retain(|number| number.phone != phone.as_str());
    if numbers.len() < before {
        Ok(())
    } else {
        Err(Error::MockPhoneNotFound)
    }
}
