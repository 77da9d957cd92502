//! Parses the Dockerfile.

/// The content of the last stage, and how it is started.
#[derive(Debug, Default)]
pub(crate) struct Stage {
    pub(crate) base: String,
    /// Files copied from another stage.
    pub(crate) copies: Vec<Copy>,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) user: String,
    pub(crate) port: String,
    pub(crate) entry_point: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Copy {
    pub(crate) source: String,
    pub(crate) target: String,
}

/// Parses the last stage of a Dockerfile. Panics on unknown instructions, because they would not be tested.
pub(crate) fn last_stage(text: &str) -> Stage {
    let mut stage = Stage::default();
    for (instruction, rest) in instructions(text) {
        match instruction.as_str() {
            "FROM" => stage = Stage { base: rest, ..Stage::default() },
            // Instructions of other stages don't affect the image.
            _ if stage.base != "scratch" => {}
            "COPY" => {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let [from, source, target] = words[..] else { panic!("COPY {rest}") };
                assert_eq!(from, "--from=build", "the image contains only files from the build stage");
                stage.copies.push(Copy { source: source.to_owned(), target: target.to_owned() });
            }
            "ENV" => {
                let (name, value) = rest.split_once('=').expect("NAME=VALUE");
                stage.variables.push((name.to_owned(), value.to_owned()));
            }
            "USER" => stage.user = rest,
            "EXPOSE" => stage.port = rest,
            "ENTRYPOINT" => {
                stage.entry_point = serde_json::from_str(&rest).expect("a list, because there is no shell")
            }
            "STOPSIGNAL" => assert_eq!(rest, "SIGTERM"),
            _ => panic!("{instruction} {rest}"),
        }
    }
    stage
}

/// The instructions and their arguments. Continued lines are joined, and comments omitted.
pub(crate) fn instructions(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    let pairs = joined.lines().filter_map(|line| line.trim().split_once(' '));
    pairs.map(|(instruction, rest)| (instruction.to_owned(), rest.trim().to_owned())).collect()
}
