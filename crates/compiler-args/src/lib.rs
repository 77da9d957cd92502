//! Lets a test call `rustc` with the crates that the test itself was built with.
//!
//! The target folder holds a library once for each set of features, and only cargo knows which one belongs to a test.
//! Cargo passes the paths to the compiler, and a procedural macro runs inside the compiler.

use proc_macro::TokenStream;

/// Expands to a `&[&str]`: the `--extern` and `-L` options that cargo passed to the compiler for the calling crate.
#[proc_macro]
pub fn extern_args(_: TokenStream) -> TokenStream {
    let args: Vec<String> = std::env::args().collect();
    // Cargo passes an option and its value as two arguments.
    let options = args.windows(2).filter(|pair| pair[0] == "--extern" || pair[0] == "-L");
    let list: Vec<&str> = options.flatten().map(String::as_str).collect();
    // The debug form of a list of strings is a Rust literal.
    format!("&{list:?}").parse().expect("a list of string literals")
}
