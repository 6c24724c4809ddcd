//! Embeds the files of the folder `providers`, so that a new provider only needs a new file.

use std::fmt::Write;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=providers");
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("providers");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut code = String::from("/// The built-in files: id, text.\nconst FILES: &[(&str, &str)] = &[\n");
    for file in files {
        let id = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        // Comments are removed, because they would only make the program larger.
        let text: String = std::fs::read_to_string(&file)?
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .flat_map(|line| [line, "\n"])
            .collect();
        writeln!(code, "    ({id:?}, {text:?}),")?;
    }
    code.push_str("];\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("builtin.rs"), code)?;
    Ok(())
}
