//! Questions on a terminal, for what was not said otherwise.

use std::io::{self, BufRead, Write};

use super::answers::Answers;
use super::choices;
use super::options::{Ci, Credentials, Pagination};
use crate::stop::Stop;

/// Asks for what `answers` lack. An empty line is the default; what is wrong is asked for again.
pub(super) fn ask_for_the_rest(
    answers: &mut Answers,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Result<(), Stop> {
    let git = |key| choices::from_git(key).unwrap_or_default();
    let one_of = |names: &[&str]| names.join(", ");
    let questions = [
        ("author", "Author".to_owned(), git("user.name")),
        ("email", "E-mail".to_owned(), git("user.email")),
        (
            "auth",
            format!("Credentials ({})", one_of(Credentials::NAMES)),
            Credentials::DEFAULT.as_str().to_owned(),
        ),
        ("wire", format!("Wire format ({})", one_of(&choices::wire_names())), String::new()),
        (
            "pagination",
            format!("How listings go on ({})", one_of(Pagination::NAMES)),
            Pagination::DEFAULT.as_str().to_owned(),
        ),
        (
            "capabilities",
            "Capabilities (read-only, full, or names)".to_owned(),
            choices::CAPABILITIES.to_owned(),
        ),
        ("base-url", "Address of the upstream's API".to_owned(), choices::BASE_URL.to_owned()),
        ("ci", format!("Where checks run ({})", one_of(Ci::NAMES)), Ci::DEFAULT.as_str().to_owned()),
    ];
    for (key, question, default) in questions {
        if answers.get(key).is_none() {
            // It depends on the credentials, which are known by now.
            let default =
                if key == "wire" { choices::default_wire(answers).as_str().to_owned() } else { default };
            let answer = ask(key, &question, &default, answers, input, output)
                .map_err(|error| Stop::io(format!("cannot ask for {key}: {error}")))?;
            answers.set(key, answer);
        }
    }
    Ok(())
}

fn ask(
    key: &str,
    question: &str,
    default: &str,
    answers: &Answers,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<String> {
    loop {
        let shown = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        write!(output, "{question}{shown}: ")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let answer = if line.trim().is_empty() { default } else { line.trim() };
        let problems = choices::problems_of(key, answer, answers);
        if problems.is_empty() {
            return Ok(answer.to_owned());
        }
        for problem in problems {
            writeln!(output, "{problem}")?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_asked_and_what_is_wrong_is_asked_again() {
        let mut answers = Answers::default();
        for key in ["author", "email", "capabilities", "base-url", "ci"] {
            answers.set(key, "given".to_owned());
        }
        let mut output = Vec::new();
        ask_for_the_rest(&mut answers, &mut &b"saml\ntoken\nclassic\n\n\n"[..], &mut output).unwrap();
        assert_eq!(answers.get("auth"), Some("token"));
        assert_eq!(answers.get("wire"), Some("openapi"));
        assert_eq!(answers.get("pagination"), Some("cursor"));
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.matches("Credentials (").count(), 2, "{output}");
        assert!(output.contains(r#"auth: "saml": expected one of basic, token, oauth, none"#), "{output}");
        assert!(output.contains("wire: classic: it has no token credentials"), "{output}");
        assert!(!output.contains("Author"), "{output}");
    }

    #[test]
    fn an_end_without_an_answer_is_an_error() {
        let stop = ask_for_the_rest(&mut Answers::default(), &mut &b""[..], &mut Vec::new()).unwrap_err();
        assert_eq!(stop.status, 3);
    }
}
