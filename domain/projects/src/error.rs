//! Errors of projects.

use kernel::{Fault, Kind};

/// A refusal, or a failure of the database.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum Error {
    #[error(
        "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project header to ensure the correct project ID is being used."
    )]
    ProjectNotFound,
    #[error("Project with the requested ID already exists.")]
    ProjectExists,
    #[error("The project ID is reserved. Please choose another project ID.")]
    ProjectReserved,
    #[error("Platform with the requested ID could not be found.")]
    PlatformNotFound,
    #[error("Platform with the requested ID already exists.")]
    PlatformExists,
    #[error("Mock phone with the requested number could not be found.")]
    MockPhoneNotFound,
    #[error("Mock phone with the requested number already exists.")]
    MockPhoneExists,
    #[error("A project has at most {0} mock phones.")]
    MockPhonesFull(usize),
    #[error("{0}")]
    SettingInvalid(String),
    #[error("{0}")]
    PlatformInvalid(&'static str),
    #[error("Key with the requested ID could not be found.")]
    KeyNotFound,
    #[error("Key with the requested ID already exists.")]
    KeyExists,
    #[error("This provider is disabled. Please enable the provider from your project's console to continue.")]
    ProviderDisabled,
    #[error("The organization still owns projects. Delete them, or move them to another organization, first.")]
    OrganizationNotEmpty,
    #[error("The project has no template of its own for this: there is nothing to reset.")]
    TemplateIsOurs,
    #[error(transparent)]
    Open(#[from] secrets::OpenError),
    #[error(transparent)]
    Provider(#[from] oauth::Error),
    #[error(transparent)]
    Identity(#[from] identity::Error),
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::ProjectNotFound => Kind::Missing("project_not_found"),
            Self::ProjectExists => Kind::Conflict("project_already_exists"),
            Self::ProjectReserved => Kind::Invalid("project_reserved_project"),
            Self::PlatformNotFound => Kind::Missing("platform_not_found"),
            Self::PlatformExists => Kind::Conflict("platform_already_exists"),
            Self::MockPhoneNotFound => Kind::Missing("mock_number_not_found"),
            Self::MockPhoneExists => Kind::Conflict("mock_number_already_exists"),
            Self::MockPhonesFull(_) => Kind::Invalid("general_bad_request"),
            Self::SettingInvalid(_) | Self::PlatformInvalid(_) => Kind::Invalid("general_argument_invalid"),
            Self::KeyNotFound => Kind::Missing("key_not_found"),
            Self::KeyExists => Kind::Conflict("key_already_exists"),
            Self::ProviderDisabled => Kind::Precondition("project_provider_disabled"),
            Self::OrganizationNotEmpty => Kind::Invalid("general_bad_request"),
            Self::TemplateIsOurs => Kind::Denied("project_template_default_deletion"),
            Self::Open(_) => Kind::Broken,
            Self::Provider(error) => error.kind(),
            Self::Identity(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }
}
