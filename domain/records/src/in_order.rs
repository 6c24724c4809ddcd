//! The order of lists of our own nouns.

use kernel::query::{Order, Queries};

/// The attribute that counts in the order of making.
const SEQUENCE: &str = "$sequence";

/// The same queries, in the order of making where they name none: ids are chosen by people, and say nothing of it.
pub fn in_order(mut queries: Queries) -> Queries {
    for order in &mut queries.orders {
        if let Order::By { attribute, .. } = order
            && attribute.is_empty()
        {
            SEQUENCE.clone_into(attribute);
        }
    }
    if queries.orders.is_empty() {
        queries.orders.push(Order::By {
            query: 0,
            attribute: SEQUENCE.to_owned(),
            descending: false,
        });
    }
    queries
}
