//! Prompts on a terminal, for values that neither a flag nor the file provides.

use std::io::{self, BufRead, Write};

use super::choices;
use super::options::{Ci, Credentials, Pagination};
use super::values::Values;
use crate::stop::Stop;

/// Prompts for missing values. An empty line means the default. The prompt is repeated until the value is valid.
pub(super) fn prompt_for_missing(
    values: &mut Values,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Result<(), Stop> {
    let git = |key| choices::from_git(key).unwrap_or_default();
    let one_of = |names: &[&str]| names.join(", ");
    let prompts = [
        ("author", "Author".to_owned(), git("user.name")),
        ("email", "Email".to_owned(), git("user.email")),
        (
            "auth",
            format!("Credentials ({})", one_of(Credentials::NAMES)),
            Credentials::DEFAULT.as_str().to_owned(),
        ),
        ("wire", format!("Wire format ({})", one_of(&choices::wire_names())), String::new()),
        (
            "pagination",
            format!("Pagination ({})", one_of(Pagination::NAMES)),
            Pagination::DEFAULT.as_str().to_owned(),
        ),
        (
            "capabilities",
            "Capabilities (read-only, full, or names)".to_owned(),
            choices::CAPABILITIES.to_owned(),
        ),
        ("base-url", "Base URL of the upstream's API".to_owned(), choices::BASE_URL.to_owned()),
        ("ci", format!("CI system ({})", one_of(Ci::NAMES)), Ci::DEFAULT.as_str().to_owned()),
    ];
    for (key, label, default) in prompts {
        if values.get(key).is_none() {
            // The default depends on the credentials, whose prompt comes first.
            let default =
                if key == "wire" { choices::default_wire(values).as_str().to_owned() } else { default };
            let value = prompt(key, &label, &default, values, input, output)
                .map_err(|error| Stop::io(format!("cannot prompt for {key}: {error}")))?;
            values.set(key, value);
        }
    }
    Ok(())
}

fn prompt(
    key: &str,
    label: &str,
    default: &str,
    values: &Values,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<String> {
    loop {
        let shown = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        write!(output, "{label}{shown}: ")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let value = if line.trim().is_empty() { default } else { line.trim() };
        let problems = choices::problems_of(key, value, values);
        if problems.is_empty() {
            return Ok(value.to_owned());
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
    fn missing_values_are_prompted_for_until_they_are_valid() {
        let mut values = Values::default();
        for key in ["author", "email", "capabilities", "base-url", "ci"] {
            values.set(key, "given".to_owned());
        }
        let mut output = Vec::new();
        prompt_for_missing(&mut values, &mut &b"saml\ntoken\nclassic\n\n\n"[..], &mut output).unwrap();
        assert_eq!(values.get("auth"), Some("token"));
        assert_eq!(values.get("wire"), Some("openapi"));
        assert_eq!(values.get("pagination"), Some("cursor"));
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.matches("Credentials (").count(), 2, "{output}");
        assert!(output.contains(r#"auth: "saml": expected one of basic, token, oauth, none"#), "{output}");
        assert!(output.contains("wire: classic has no token credentials"), "{output}");
        assert!(!output.contains("Author"), "{output}");
    }

    #[test]
    fn the_end_of_input_is_an_error() {
        let stop = prompt_for_missing(&mut Values::default(), &mut &b""[..], &mut Vec::new()).unwrap_err();
        assert_eq!(stop.status, 3);
    }
}
