//! Security phrases: two words shown by the app and repeated in the mail, so that the user can recognize the mail as
//! genuine.

/// Adjectives, the first word of a phrase.
const ADJECTIVES: &[&str] = &[
    "Amber", "Ancient", "Autumn", "Bold", "Brave", "Bright", "Calm", "Clever", "Coastal", "Cosmic", "Crimson",
    "Curious", "Distant", "Early", "Eager", "Electric", "Emerald", "Endless", "Fearless", "Frosty", "Gentle", "Gilded",
    "Golden", "Graceful", "Hidden", "Hollow", "Honest", "Humble", "Icy", "Indigo", "Ivory", "Jolly", "Kind", "Lively",
    "Lucky", "Lunar", "Mellow", "Merry", "Mighty", "Misty", "Noble", "Northern", "Olive", "Patient", "Playful",
    "Polite", "Proud", "Quick", "Quiet", "Rapid", "Royal", "Rustic", "Silent", "Silver", "Sleepy", "Solar", "Steady",
    "Sunny", "Swift", "Tidy", "Velvet", "Violet", "Wild", "Witty",
];
/// Nouns, the second word of a phrase.
const NOUNS: &[&str] = &[
    "Acorn",
    "Anchor",
    "Apple",
    "Badger",
    "Beacon",
    "Birch",
    "Bridge",
    "Brook",
    "Canyon",
    "Castle",
    "Cedar",
    "Cloud",
    "Comet",
    "Coral",
    "Cricket",
    "Dolphin",
    "Dune",
    "Eagle",
    "Ember",
    "Falcon",
    "Feather",
    "Fern",
    "Forest",
    "Fountain",
    "Fox",
    "Garden",
    "Glacier",
    "Harbor",
    "Hawk",
    "Heron",
    "Island",
    "Jasmine",
    "Lagoon",
    "Lantern",
    "Lemon",
    "Lighthouse",
    "Lotus",
    "Maple",
    "Meadow",
    "Meteor",
    "Moon",
    "Mountain",
    "Ocean",
    "Orchard",
    "Otter",
    "Owl",
    "Panda",
    "Pebble",
    "Penguin",
    "Pine",
    "Planet",
    "Rabbit",
    "River",
    "Robin",
    "Sparrow",
    "Spruce",
    "Stone",
    "Thunder",
    "Tiger",
    "Tulip",
    "Valley",
    "Violin",
    "Willow",
    "Zebra",
];

/// Returns one of 4096 phrases, all equally likely.
pub(super) fn random() -> String {
    let [adjective, noun] = secrets::random::bytes::<2>();
    let of = |words: &'static [&'static str], chance: u8| words[usize::from(chance) % words.len()];
    format!("{} {}", of(ADJECTIVES, adjective), of(NOUNS, noun).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_uniformly_distributed() {
        assert_eq!((ADJECTIVES.len(), NOUNS.len()), (64, 64), "a length that divides 256");
        assert_eq!(random().split(' ').count(), 2);
    }
}
