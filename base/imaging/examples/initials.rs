//! Writes pictures of the initials of names into a folder for inspection:
//! `cargo run -p imaging --example initials -- /tmp/initials ada …`.

use imaging::{Effort, Initials};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().ok_or("which folder?")?);
    std::fs::create_dir_all(&folder)?;
    for (index, name) in arguments.enumerate() {
        let picture = Initials::of(&name).draw(200, 200, None)?;
        std::fs::write(folder.join(format!("{index:02}.png")), picture.png(Effort::Usual)?)?;
    }
    Ok(())
}
