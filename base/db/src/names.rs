//! Names of databases, and the files that they are kept in.
//!
//! A name is an id (`kernel::id`): it begins with a letter or digit and holds no slash, so `..` and hidden files cannot
//! be named. File systems that ignore case would take `App` and `app` for one file, so an upper-case letter is written
//! as `~` and its small one; `~` is no letter of ids, so no two names share a file.

use crate::Error;

/// Takes a name that keeps the rule of ids.
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

/// The name of the database that a file holds, if it holds one.
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
    fn a_name_comes_back_from_its_file_and_no_two_share_one() {
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
