//! Keeps user and password of an address (RFC 3986, 3.2.1) out of messages, wherever on the command line it stands.

/// `message` without the user information of this program's arguments.
pub(crate) fn redact(message: &str) -> String {
    // As a message shows what is not UTF-8.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    arguments
        .iter()
        .filter_map(|argument| user_info(argument))
        .fold(message.to_owned(), |message, user| message.replace(&format!("{user}@"), "…@"))
}

/// What stands before the `@` of an argument that could be a URL, with or without its scheme.
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
    fn user_information_is_found_with_and_without_a_scheme() {
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
}
