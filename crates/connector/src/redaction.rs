//! Redaction of command-line arguments in messages. Not part of the public API; used by connectors and the `connector`
//! program.

/// Removes the user info (RFC 3986, section 3.2.1) of URLs in this program's arguments from `message`.
#[must_use]
pub fn without_user_info(message: &str) -> String {
    std::env::args_os()
        .skip(1)
        // Messages show arguments that aren't UTF-8 in this form.
        .map(|argument| argument.to_string_lossy().into_owned())
        .filter_map(|argument| user_info(&argument).map(|user| format!("{user}@")))
        .fold(message.to_owned(), |message, user| message.replace(&user, "…@"))
}

/// The error message for an environment variable that should contain a token but doesn't.
///
/// The name is omitted unless it looks like a variable name, because people sometimes paste the token itself.
#[must_use]
pub fn missing_token(variable: &str) -> String {
    if is_conventional_name(variable) {
        format!("the variable {variable} holds no token")
    } else {
        "the variable named by --token-env holds no token: expected the name of a variable, not the token itself".to_owned()
    }
}

/// Returns whether `text` looks like a variable name as used by POSIX (Base Definitions, section 8.1). Many tokens
/// consist of letters, digits and underscores too, but rarely of uppercase letters only.
fn is_conventional_name(text: &str) -> bool {
    const MAX_LENGTH: usize = 64;
    text.len() <= MAX_LENGTH
        && text.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Returns the user info of an argument that may be a URL, with or without its scheme.
fn user_info(argument: &str) -> Option<&str> {
    let value = match argument.split_once('=') {
        Some((option, value)) if option.starts_with("--") => value,
        _ => argument,
    };
    let (before, _) = value.rsplit_once('@')?;
    match before.split_once("://") {
        Some((_, user)) => Some(user),
        None => before.contains(':').then_some(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_info_is_found_with_and_without_a_scheme() {
        for (argument, expected) in [
            ("http://a:b@h/x", Some("a:b")),
            ("HTTPS://a:b@c/d@h", Some("a:b@c/d")),
            ("--base-url=https://a:b=c@h", Some("a:b=c")),
            ("a:b@h:80", Some("a:b")),
            ("ada@example.com", None),
            ("http://h/x", None),
        ] {
            assert_eq!(user_info(argument), expected, "{argument}");
        }
    }
    #[test]
    fn only_conventional_variable_names_are_shown() {
        for name in ["TOKEN", "_T0", "A".repeat(64).as_str()] {
            assert_eq!(missing_token(name), format!("the variable {name} holds no token"));
        }
        for token in [
            "ghp_Canary0123456789",
            "canary",
            "CANARY-1",
            "1CANARY",
            "CANARY=",
            "CANÄRY",
            "",
            "A".repeat(65).as_str(),
        ] {
            let message = missing_token(token);
            assert!(token.is_empty() || !message.contains(token), "{message}");
            assert!(message.contains("--token-env"), "{message}");
        }
    }
}
