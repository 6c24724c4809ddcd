//! Response models.

api::model! {
    /// API version.
    pub(crate) struct Version as "healthVersion" {
        /// Version of the API.
        version: &'static str = "version",
    }
}

api::model! {
    /// State of the virus scanner.
    pub(crate) struct Antivirus as "healthAntivirus" {
        /// Version of the scanner; empty without one.
        version: &'static str = "version",
        /// `disabled`: the server scans no files.
        status: &'static str = "status",
    }
}

api::model! {
    /// Result of a check.
    pub(crate) struct Status as "healthStatus" {
        /// Name of the checked system.
        name: &'static str = "name",
        /// Response time in milliseconds.
        ping: i64 = "ping",
        /// `pass` or `fail`.
        status: &'static str = "status",
    }
}

api::model! {
    /// Results of several checks.
    pub(crate) struct StatusList as "healthStatusList" {
        /// Number of entries.
        total: i64 = "total",
        /// Results.
        statuses: Vec<Status> = "statuses",
    }
}

api::model! {
    /// Length of a queue.
    pub(crate) struct Length as "healthQueue" {
        /// Number of jobs.
        size: i64 = "size",
    }
}

api::model! {
    /// Times of the server and the database.
    pub(crate) struct Time as "healthTime" {
        /// The database's time, in seconds since 1970.
        remote_time: i64 = "remoteTime",
        /// The server's time, in seconds since 1970.
        local_time: i64 = "localTime",
        /// Difference `remoteTime - localTime`, in seconds.
        diff: i64 = "diff",
    }
}
