//! What messages may repeat of a command line. Not part of the API: for connectors and the `connector` program.

/// Removes the user information (RFC 3986, section 3.2.1) of any URL among this program's arguments from `message`.
#[must_use]
pub fn without_user_info(message: &str) -> String {
    std::env::args_os()
        .skip(1)
        // Messages show arguments that are not UTF-8 this way.
        .map(|argument| argument.to_string_lossy().into_owned())
        .filter_map(|argument| user_info(&argument).map(|user| format!("{user}@")))
        .fold(message.to_owned(), |message, user| message.replace(&user, "…@"))
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
