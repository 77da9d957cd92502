//! Derives the origin of an error from Rust's type names.

/// Returns `raised_by`: the type's name without a path for the SDK's own types, otherwise `crate::Type`.
pub(super) fn type_label(type_name: &str) -> String {
    let path = type_name.split('<').next().unwrap_or(type_name);
    let krate = path.split("::").next().unwrap_or(path).trim_start_matches(['&', '(']);
    let name = path.rsplit("::").next().unwrap_or(path);
    if krate == "connector" || krate == name { name.to_owned() } else { format!("{krate}::{name}") }
}

/// Returns `raised_in`: the path of a handler as `module.path:function`, from the type name of its function item or
/// closure. Returns `None` for a function pointer or trait object, whose type doesn't identify the function.
///
/// A closure has the path of the enclosing function. The path of a method contains neither the type nor anything
/// between the type and the method. A trait method is attributed to the module of the implementing type.
pub(crate) fn handler_path(type_name: &str) -> Option<String> {
    if let Some((owner, function)) = trait_method(type_name) {
        return handler_path(&format!("{owner}::{function}"));
    }
    if ["fn(", "for<", "unsafe ", "extern ", "dyn ", "&", "("]
        .iter()
        .any(|begin| type_name.starts_with(begin))
    {
        return None;
    }
    let mut path = String::new();
    let mut depth = 0_usize;
    for (at, char) in type_name.char_indices() {
        match char {
            '<' => depth += 1,
            // The arrow of a function type isn't a closing bracket.
            '>' if !type_name[..at].ends_with('-') => depth = depth.saturating_sub(1),
            _ if depth == 0 => path.push(char),
            _ => {}
        }
    }
    let segments: Vec<&str> = path.split("::").filter(|segment| !segment.starts_with("{{")).collect();
    match segments.split_last() {
        Some((function, [krate, rest @ ..])) if !krate.is_empty() => {
            // Segments that are empty now were the type of an `impl` outside of the type's module.
            let is_type = |segment: &str| segment.chars().next().is_none_or(char::is_uppercase);
            let modules = rest.iter().take_while(|segment| !is_type(segment));
            let modules: Vec<&str> = std::iter::once(krate).chain(modules).copied().collect();
            Some(format!("{}:{function}", modules.join(".")))
        }
        _ => None,
    }
}

/// Splits `<Type as Trait>::function` into `Type` and `function`.
fn trait_method(type_name: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, char) in type_name.strip_prefix('<')?.char_indices() {
        let rest = &type_name[1 + at..];
        match char {
            '<' => depth += 1,
            '>' if depth == 0 => return None,
            '>' if !type_name[..=at].ends_with('-') => depth -= 1,
            _ if depth == 0 && rest.starts_with(" as ") => {
                let end = rest.rfind(">::")?;
                return Some((&type_name[1..=at], rest.get(end + 3..)?));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(type_name: &str) -> String {
        handler_path(type_name).unwrap_or_default()
    }

    #[test]
    fn a_function_and_a_closure_in_it_have_the_same_path() {
        assert_eq!(path("github::accounts::list_accounts"), "github.accounts:list_accounts");
        assert_eq!(path("github::accounts::list_accounts::{{closure}}"), "github.accounts:list_accounts");
        assert_eq!(path("github::run<alloc::vec::Vec<u8>>::{{closure}}::{{closure}}"), "github:run");
    }

    #[test]
    fn a_method_has_the_path_of_its_module_and_its_own_name() {
        assert_eq!(path("github::accounts::GitHub::list_accounts"), "github.accounts:list_accounts");
        assert_eq!(
            path("github::accounts::<impl github::GitHub<u8>>::into_builder::list_accounts::{{closure}}"),
            "github.accounts:list_accounts"
        );
    }

    #[test]
    fn a_method_of_a_trait_is_in_the_module_of_its_type() {
        assert_eq!(path("<github::api::GitHub as sdk::Hub>::list_accounts"), "github.api:list_accounts");
        assert_eq!(
            path("<github::Hub<fn(u8) -> u8> as sdk::Of<github::A>>::list::{{closure}}"),
            "github:list"
        );
    }

    #[test]
    fn pointer_types_have_no_path() {
        for pointer in
            ["fn(connector::Request<u8>) -> core::pin::Pin<u8>", "for<'a> fn(&'a u8)", "&dyn core::Fn"]
        {
            assert_eq!(handler_path(pointer), None, "{pointer}");
        }
    }

    #[test]
    fn only_foreign_types_include_their_crate() {
        assert_eq!(type_label("reqwest::error::Error"), "reqwest::Error");
        assert_eq!(type_label("connector::error::upstream::HttpStatusError"), "HttpStatusError");
        assert_eq!(type_label("github::Wrapper<std::io::Error>"), "github::Wrapper");
    }
}
