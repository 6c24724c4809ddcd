//! Every record reads the profile back from its imitation.
#![allow(clippy::unwrap_used)]

use oauth::{Profile, Registry};

#[test]
fn every_provider_can_be_imitated() {
    for provider in Registry::builtin().iter() {
        for email_verified in [true, false] {
            let user = Profile {
                uid: "4711".into(),
                email: Some("pat@example.test".into()),
                email_verified,
                name: Some("Pat Example".into()),
                amr: Vec::new(),
            };
            let read = provider
                .read(&provider.imitate(&user))
                .unwrap_or_else(|| panic!("{}", provider.id));
            assert_eq!((&read.uid, &read.name), (&user.uid, &user.name), "{}", provider.id);
            if provider.email_verified.is_none() {
                assert!(!read.email_verified, "{}", provider.id);
            } else if email_verified {
                assert_eq!(read.email, user.email, "{}", provider.id);
                assert!(read.email_verified, "{}", provider.id);
            } else {
                assert!(!read.email_verified, "{} {read:?}", provider.id);
            }
        }
    }
}
