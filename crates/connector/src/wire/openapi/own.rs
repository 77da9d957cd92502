//! Calls that an integration sends to its own capabilities, on behalf of another call.

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::error::Failure;
use crate::error::ReportedError;
use crate::model::{Page, PaginationArgs};
use crate::response::Partial;
use crate::wire::Call;

/// Writes a request with the payload `request`, a JSON text. Everything else is as in `call`, except for the page.
pub(crate) fn request(
    call: &Call<'_>,
    request: &str,
    page: &PaginationArgs,
) -> serde_json::Result<Zeroizing<String>> {
    let page = serde_json::to_string(page)?;
    let rate_limit = call.rate_limit.as_ref().map(serde_json::to_string).transpose()?;
    let request_id = call.request_id.as_ref().map(serde_json::to_string).transpose()?;
    let sections = [
        ("request", Some(request)),
        ("auth", call.auth),
        ("credentials", call.credentials),
        ("settings", Some(call.settings)),
        ("page", Some(&*page)),
        ("rate_limit", rate_limit.as_deref()),
        ("request_id", request_id.as_deref()),
    ];
    let sections = || sections.iter().filter_map(|(name, text)| text.map(|text| (*name, text)));
    // The text contains credentials. If it had to grow, they would remain in the memory that it leaves.
    let length = sections().map(|(name, text)| name.len() + text.len() + 4).sum::<usize>() + 1;
    let mut out = Zeroizing::new(String::with_capacity(length));
    for (at, (name, text)) in sections().enumerate() {
        out.push_str(if at == 0 { "{\"" } else { ",\"" });
        out.extend([name, "\":", text]);
    }
    out.push('}');
    Ok(out)
}

/// A successful response.
#[derive(Deserialize)]
pub(crate) struct Success<'a> {
    /// The payload, which is still to be read.
    #[serde(borrow)]
    pub(crate) response: &'a RawValue,
    pub(crate) page: Option<Page>,
    pub(crate) partial: Option<Partial>,
}

/// Reads the response to a successful call.
pub(crate) fn success(body: &[u8]) -> serde_json::Result<Success<'_>> {
    serde_json::from_slice(body)
}

/// Reads the response to a failed call.
pub(crate) fn failure(body: &[u8]) -> serde_json::Result<ReportedError> {
    serde_json::from_slice::<Failure>(body).map(|failure| failure.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_keeps_everything_but_payload_and_page() {
        let text = concat!(
            r#"{"auth":{"basic":{"username":"u","password":"p\u0061"}},"credentials":[{"id":"c"}],"#,
            r#""settings":{"a":[1, 2]},"rate_limit":{"max_execution_time":7},"request_id":"r\"1","#,
            r#""request":{"checks":null},"page":{"token":"old"},"include_raw_data":true}"#,
        );
        let call = super::super::open(text.as_bytes()).expect("a call");
        let page = PaginationArgs { token: Some("next".to_owned()), size: Some(10) };
        let request = request(&call, r#"{"x":1}"#, &page).expect("a request");
        assert_eq!(request.capacity(), request.len());
        let own = super::super::open(request.as_bytes()).expect("a call");
        assert_eq!(own.request, r#"{"x":1}"#);
        assert_eq!((own.auth, own.credentials, own.settings), (call.auth, call.credentials, call.settings));
        assert_eq!((&own.rate_limit, &own.request_id), (&call.rate_limit, &call.request_id));
        assert_eq!(own.page, page);
        assert!(!own.include_raw_data);
    }
}
