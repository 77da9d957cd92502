//! Collects third-party licenses.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::linking::Runtime;
use super::parts::Part;
use crate::hacking::program::Program;

/// File name prefixes of the texts that must accompany the code.
const NAMES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// Larger files are not license texts.
const MAX_BYTES: u64 = 1 << 20;

/// The file with third-party licenses.
pub(super) struct Report {
    pub(super) text: String,
    /// Crates without a license text in their package.
    pub(super) without_text: Vec<String>,
}

/// License texts without duplicates.
#[derive(Default)]
struct Texts {
    numbers: HashMap<String, usize>,
    /// The source of each text and the text, in the order of their numbers.
    texts: Vec<(String, String)>,
}

impl Texts {
    /// Returns the number of a text, starting at 1.
    fn number(&mut self, text: &str, from: impl FnOnce() -> String) -> usize {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let text = lines.join("\n").trim_matches('\n').to_owned();
        // Copies of the same license differ in indentation and wrapping.
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        *self.numbers.entry(words).or_insert_with(|| {
            self.texts.push((from(), text));
            self.texts.len()
        })
    }
}

/// Lists all crates of `parts` that don't belong to the connector's workspace, with their licenses and the texts.
pub(super) fn report(program: &Program, parts: &[Part], runtime: &[Runtime]) -> Report {
    let heading = format!("Third-party code in {} {}", program.name, program.version);
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
            "{}{version}\n    license: {}\n    {}\n",
            runtime.name, runtime.license, runtime.url
        );
    }
    for part in foreign {
        let title = format!("{} {}", part.name, part.version);
        let license = part.license.as_deref().unwrap_or("see its text");
        let _ = writeln!(list, "{title}\n    license: {license}");
        if let Some(repository) = &part.repository {
            let _ = writeln!(list, "    {repository}");
        }
        let numbers: Vec<String> = files(part)
            .into_iter()
            .map(|(name, text)| {
                let number = texts.number(&text, || format!("{name} of {title}"));
                format!("[{number}] {name}")
            })
            .collect();
        if numbers.is_empty() {
            without_text.push(title);
            let _ = writeln!(list, "    text: not in its package\n");
        } else {
            let _ = writeln!(list, "    text: {}\n", numbers.join(", "));
        }
    }
    let mut text = format!("{heading}\n{}\n\n{list}", "=".repeat(heading.chars().count()));
    for (number, (from, license)) in (1..).zip(texts.texts) {
        let rule = "-".repeat(80);
        let _ = writeln!(text, "{rule}\n[{number}] {from}\n{rule}\n\n{license}\n");
    }
    Report { text, without_text }
}

/// The license texts in a crate's folder, by file name.
fn files(part: &Part) -> Vec<(String, String)> {
    let is_license = |name: &str| {
        let name = name.to_ascii_uppercase();
        // A source file may have such a name too.
        NAMES.iter().any(|known| name.starts_with(known)) && !name.ends_with(".RS")
    };
    let entries = fs::read_dir(&part.folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<PathBuf> = entries
        .filter(|entry| is_license(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect();
    paths.extend(part.license_file.as_ref().map(|file| part.folder.join(file)));
    paths.sort();
    paths.dedup();
    let read = |path: PathBuf| {
        let is_small = fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= MAX_BYTES);
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
            license: Some("MIT".to_owned()),
            license_file: None,
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
    fn texts_are_listed_once_and_missing_texts_are_reported() {
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
        let Report { text, without_text } = report(&program, &[own, two, one, bare], &[]);
        assert_eq!(without_text, ["bare 1.0.0"]);
        assert_eq!(text.matches("Be kind.").count() + text.matches("Be\nkind.").count(), 1, "{text}");
        assert!(text.contains("one 1.0.0\n    license: MIT\n    text: [1] LICENSE-MIT\n"), "{text}");
        assert!(text.contains("two 1.0.0\n    license: MIT\n    text: [2] NOTICE, [1] license\n"), "{text}");
        assert!(text.contains("[2] NOTICE of two 1.0.0\n") && text.contains("\nBy Ada.\n"), "{text}");
        assert!(!text.contains("Ours") && !text.contains("\nno\n"), "{text}");
    }
}
