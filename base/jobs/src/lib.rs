//! Jobs: work that is done after the act that asked for it, from a queue in the same database.
