//! The JSON that leaves.

api::model! {
    /// The version of the API.
    pub(crate) struct Version as "healthVersion" {
        /// The version that is spoken.
        version: &'static str = "version",
    }
}

api::model! {
    /// What a check found.
    pub(crate) struct Status as "healthStatus" {
        /// What was checked.
        name: &'static str = "name",
        /// How long it took to answer, in milliseconds.
        ping: i64 = "ping",
        /// `pass` or `fail`.
        status: &'static str = "status",
    }
}

api::model! {
    /// What several checks found.
    pub(crate) struct StatusList as "healthStatusList" {
        /// How many there are.
        total: i64 = "total",
        /// What they found.
        statuses: Vec<Status> = "statuses",
    }
}

api::model! {
    /// How long a queue is.
    pub(crate) struct Length as "healthQueue" {
        /// How many jobs there are.
        size: i64 = "size",
    }
}

api::model! {
    /// Two clocks.
    pub(crate) struct Time as "healthTime" {
        /// The database's time, in seconds since 1970.
        remote_time: i64 = "remoteTime",
        /// The server's time, in seconds since 1970.
        local_time: i64 = "localTime",
        /// The seconds between them.
        diff: i64 = "diff",
    }
}
