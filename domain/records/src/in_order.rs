//! Default order of lists of databases, tables and transactions.

use kernel::query::{Order, Queries};

/// Attribute for the order of creation.
const SEQUENCE: &str = "$sequence";

/// Replaces orders without attribute by the order of creation: IDs are chosen by users, and are in no such order.
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
