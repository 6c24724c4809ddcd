//! Names of databases, and their file names.
//!
//! A name is an id (`kernel::id`): it begins with a letter or digit and contains no slash, so it cannot name `..` or
//! hidden files. On file systems that ignore case, `App` and `app` would be the same file, so an upper-case letter is
//! written as `~` and its lower-case letter; ids cannot contain `~`, so no two names share a file.

use crate::Error;

/// Fails with [`Error::BadName`] if the name is not a valid id.
pub(crate) fn check(name: &str) -> Result<(), Error> {
    if kernel::id::is_valid(name) {
        Ok(())
    } else {
        Err(Error::BadName(name.to_owned()))
    }
}

/// The file name of a database.
pub(crate) fn to_file(name: &str) -> String {
    let mut file = String::with_capacity(name.len() + 3);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            file.push('~');
        }
        file.push(letter.to_ascii_lowercase());
    }
    file + ".db"
}

/// The name of the database in a file, if the file is one.
pub(crate) fn from_file(file: &str) -> Option<String> {
    let mut name = String::new();
    let mut letters = file.strip_suffix(".db")?.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '~' => name.push(letters.next().filter(char::is_ascii_lowercase)?.to_ascii_uppercase()),
            _ if letter.is_ascii_uppercase() => return None,
            _ => name.push(letter),
        }
    }
    check(&name).ok().map(|()| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_names_map_to_unique_files_and_back() {
        for (name, file) in [
            ("console", "console.db"),
            ("MyApp-1.2_x", "~my~app-1.2_x.db"),
            ("a.db", "a.db.db"),
        ] {
            assert_eq!(to_file(name), file);
            assert_eq!(from_file(file).as_deref(), Some(name));
        }
        for stranger in [
            "App.db", ".db", "..db", "~.db", "~1.db", "x.db-wal", "_x.db", "x.db.new",
        ] {
            assert_eq!(from_file(stranger), None, "{stranger}");
        }
        assert!(check("../etc").is_err() && check("").is_err() && check("..").is_err());
    }
}
