//! The attribute macro of `lumos-connector`.
use proc_macro::TokenStream;

/// Registers the methods of an `impl` block as capabilities.
#[proc_macro_attribute]
pub fn capabilities(_args: TokenStream, input: TokenStream) -> TokenStream {
    input
}
