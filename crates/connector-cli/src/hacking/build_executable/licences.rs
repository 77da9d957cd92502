//! The licences of other people's code.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::linking::Runtime;
use super::parts::Part;
use crate::hacking::program::Program;

/// How the names of files begin that have to go with the code.
const NAMES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// A larger file is no licence.
const LARGEST: u64 = 1 << 20;

pub(super) struct Papers {
    pub(super) text: String,
    /// Crates without a licence text in their package.
    pub(super) without_text: Vec<String>,
}

/// Texts, each once.
#[derive(Default)]
struct Texts {
    numbers: HashMap<String, usize>,
    /// In the order of their numbers: where each is from, and the text.
    texts: Vec<(String, String)>,
}

impl Texts {
    /// The number of a text, from 1.
    fn number(&mut self, text: &str, from: impl FnOnce() -> String) -> usize {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let text = lines.join("\n").trim_matches('\n').to_owned();
        // The same licence is indented and wrapped in many ways.
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        *self.numbers.entry(words).or_insert_with(|| {
            self.texts.push((from(), text));
            self.texts.len()
        })
    }
}

/// All crates of `parts` that are not the connector's own, with their licences and the texts.
pub(super) fn papers(program: &Program, parts: &[Part], runtime: &[Runtime]) -> Papers {
    let title = format!("Other people's code in {} {}", program.name, program.version);
    let mut list = String::new();
    let mut texts = Texts::default();
    let mut without_text = Vec::new();
    let mut foreign: Vec<&Part> = parts.iter().filter(|part| !part.is_own).collect();
    foreign.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    // Writing to a string cannot fail.
    for runtime in runtime {
        let version = runtime.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        let _ = writeln!(
            list,
            "{}{version}\n    licence: {}\n    {}\n",
            runtime.name, runtime.licence, runtime.url
        );
    }
    for part in foreign {
        let called = format!("{} {}", part.name, part.version);
        let licence = part.licence.as_deref().unwrap_or("see its text");
        let _ = writeln!(list, "{called}\n    licence: {licence}");
        if let Some(repository) = &part.repository {
            let _ = writeln!(list, "    {repository}");
        }
        let numbers: Vec<String> = files(part)
            .into_iter()
            .map(|(name, text)| {
                let number = texts.number(&text, || format!("{name} of {called}"));
                format!("[{number}] {name}")
            })
            .collect();
        if numbers.is_empty() {
            without_text.push(called);
            let _ = writeln!(list, "    text: its package has none\n");
        } else {
            let _ = writeln!(list, "    text: {}\n", numbers.join(", "));
        }
    }
    let mut text = format!("{title}\n{}\n\n{list}", "=".repeat(title.chars().count()));
    for (number, (from, licence)) in (1..).zip(texts.texts) {
        let rule = "-".repeat(80);
        let _ = writeln!(text, "{rule}\n[{number}] {from}\n{rule}\n\n{licence}\n");
    }
    Papers { text, without_text }
}

/// The texts in a crate's folder, by name.
fn files(part: &Part) -> Vec<(String, String)> {
    let is_one = |name: &str| {
        let name = name.to_ascii_uppercase();
        // A source file of that name is none.
        NAMES.iter().any(|known| name.starts_with(known)) && !name.ends_with(".RS")
    };
    let entries = fs::read_dir(&part.folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<PathBuf> = entries
        .filter(|entry| is_one(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect();
    paths.extend(part.licence_file.as_ref().map(|file| part.folder.join(file)));
    paths.sort();
    paths.dedup();
    let read = |path: PathBuf| {
        let is_small = fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
        let text = is_small.then(|| fs::read(&path).ok()).flatten()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some((name, String::from_utf8_lossy(&text).into_owned()))
    };
    paths.into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn part(name: &str, is_own: bool, files: &[(&str, &str)]) -> (tempfile::TempDir, Part) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let part = Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: Some("MIT".to_owned()),
            licence_file: None,
            folder: folder.path().to_owned(),
            source: None,
            repository: None,
            checksum: None,
            is_own,
            uses: BTreeSet::new(),
        };
        (folder, part)
    }

    #[test]
    fn each_text_is_there_once_and_what_has_none_is_named() {
        let (_one, one) = part("one", false, &[("LICENSE-MIT", "Be kind.\r\n"), ("src.rs", "no")]);
        let (_two, two) = part("two", false, &[("license", "Be\nkind."), ("NOTICE", "By Ada.")]);
        let (_bare, bare) = part("bare", false, &[("licence.rs", "no")]);
        let (_own, own) = part("own", true, &[("LICENSE", "Ours.")]);
        let program = Program {
            manifest: PathBuf::new(),
            name: "acme".to_owned(),
            package: "acme".to_owned(),
            version: "0.1.0".to_owned(),
            workspace: PathBuf::new(),
        };
        let Papers { text, without_text } = papers(&program, &[own, two, one, bare], &[]);
        assert_eq!(without_text, ["bare 1.0.0"]);
        assert_eq!(text.matches("Be kind.").count() + text.matches("Be\nkind.").count(), 1, "{text}");
        assert!(text.contains("one 1.0.0\n    licence: MIT\n    text: [1] LICENSE-MIT\n"), "{text}");
        assert!(text.contains("two 1.0.0\n    licence: MIT\n    text: [2] NOTICE, [1] license\n"), "{text}");
        assert!(text.contains("[2] NOTICE of two 1.0.0\n") && text.contains("\nBy Ada.\n"), "{text}");
        assert!(!text.contains("Ours") && !text.contains("\nno\n"), "{text}");
    }
}
