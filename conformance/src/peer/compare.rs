//! Finds the differences between two responses.

use serde_json::{Map, Value};

use super::difference::Difference;
use super::exchange::{Exchange, token};
use super::intended::Intended;
use super::place::{PAGES, Place, Step};
use super::response::Body;

/// All differences between two responses: the exit or HTTP status and the like, the body, and the number of pages.
///
/// `info` is where a response describes the connector.
pub(super) fn responses(exchange: &Exchange, info: &str, intended: &mut Intended) -> Vec<Difference> {
    let (ours, theirs) = (&exchange.ours, &exchange.theirs);
    let mut found = Vec::new();
    for ((name, ours), (_, theirs)) in ours.facts.iter().zip(&theirs.facts) {
        if ours != theirs {
            found.push(Difference::named(name, ours.clone(), theirs.clone()));
        }
    }
    match (&ours.body, &theirs.body) {
        (Body::Document(ours), Body::Document(theirs)) if exchange.capability == "info" => {
            let (ours, theirs) = (comparable_info(ours, info), comparable_info(theirs, info));
            values(&ours, &theirs, &mut Vec::new(), &mut found);
        }
        (Body::Document(ours), Body::Document(theirs))
            if exchange.ours.is_error() == exchange.theirs.is_error() =>
        {
            let theirs = intended.moved(exchange, ours, theirs);
            values(ours, &theirs, &mut Vec::new(), &mut found);
        }
        (Body::Empty(_), Body::Empty(_)) => {}
        _ => found.push(Difference {
            place: Place::Document(Vec::new()),
            ours: Some(ours.as_value()),
            theirs: Some(theirs.as_value()),
        }),
    }
    if let Some(expected) = exchange.has_next_page {
        let (ours, theirs) = (token(ours).is_some(), token(theirs).is_some());
        if (ours, theirs) != (expected, expected) {
            found.push(Difference::named(PAGES, ours, theirs));
        }
    }
    found
}

/// Replaces every schema in `info` with `true`, because schemas are compared by the values that they accept. The list of
/// capabilities becomes an object, so that each is compared by its name.
fn comparable_info(document: &Value, info: &str) -> Value {
    let mut document = document.clone();
    let Some(info) = document.pointer_mut(info) else { return document };
    let blank = |schema: Option<&mut Value>| {
        if let Some(schema @ Value::Object(_)) = schema {
            *schema = Value::Bool(true);
        }
    };
    if let Some(capabilities) = info.get_mut("capabilities")
        && let Some(names) = capabilities.as_array()
    {
        let names = names.iter().filter_map(Value::as_str).map(|name| (name.to_owned(), Value::Bool(true)));
        *capabilities = Value::Object(names.collect());
    }
    blank(info.get_mut("authentication_schema"));
    blank(info.get_mut("request_settings_schema"));
    if let Some(Value::Object(schemas)) = info.get_mut("capability_schema") {
        for schema in schemas.values_mut() {
            blank(schema.get_mut("argument"));
            blank(schema.get_mut("output"));
        }
    }
    document
}

/// The differences between two values, as deep as possible. The order of keys doesn't matter.
fn values(ours: &Value, theirs: &Value, path: &mut Vec<Step>, found: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => objects(ours, theirs, path, found),
        (Value::Array(ours), Value::Array(theirs)) => {
            for index in 0..ours.len().max(theirs.len()) {
                path.push(Step::Index(index));
                optional_values(ours.get(index), theirs.get(index), path, found);
                path.pop();
            }
        }
        _ => differ(Some(ours), Some(theirs), path, found),
    }
}

fn objects(
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
    path: &mut Vec<Step>,
    found: &mut Vec<Difference>,
) {
    let only_theirs = theirs.keys().filter(|key| !ours.contains_key(*key));
    for key in ours.keys().chain(only_theirs) {
        path.push(Step::Key(key.clone()));
        optional_values(ours.get(key), theirs.get(key), path, found);
        path.pop();
    }
}

fn optional_values(
    ours: Option<&Value>,
    theirs: Option<&Value>,
    path: &mut Vec<Step>,
    found: &mut Vec<Difference>,
) {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => values(ours, theirs, path, found),
        (ours, theirs) => differ(ours, theirs, path, found),
    }
}

fn differ(ours: Option<&Value>, theirs: Option<&Value>, path: &[Step], found: &mut Vec<Difference>) {
    if ours != theirs {
        let place = Place::Document(path.to_vec());
        found.push(Difference { place, ours: ours.cloned(), theirs: theirs.cloned() });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::peer::place::EXIT;
    use crate::peer::response::Response;
    use crate::peer::via::Via;

    fn found(ours: &Value, theirs: &Value) -> Vec<String> {
        let mut found = Vec::new();
        values(ours, theirs, &mut Vec::new(), &mut found);
        found.iter().map(ToString::to_string).collect()
    }

    fn document(value: Value) -> Response {
        Response { facts: vec![(EXIT, 0.into())], body: Body::Document(value) }
    }

    fn exchange(ours: Response, theirs: Response) -> Exchange {
        Exchange {
            name: "n".to_owned(),
            capability: "c".to_owned(),
            via: Via::Json,
            json: None,
            ours,
            theirs,
            has_next_page: None,
        }
    }

    fn differences(exchange: &Exchange) -> Vec<String> {
        responses(exchange, "", &mut Intended::default()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_leaf_that_differs_is_reported() {
        assert_eq!(
            found(
                &json!({ "a": [1, { "b": "x", "same": true }], "only": null }),
                &json!({ "a": [1, { "same": true, "b": "y" }, 3] }),
            ),
            [
                r#"$.a[1].b: ours "x", theirs "y""#,
                "$.a[2]: ours nothing, theirs 3",
                "$.only: ours null, theirs nothing"
            ]
        );
    }

    #[test]
    fn order_of_keys_is_ignored_but_not_of_items() {
        assert_eq!(found(&json!({ "a": 1, "b": 2 }), &json!({ "b": 2, "a": 1 })), [""; 0]);
        assert_eq!(found(&json!([1, 2]), &json!([2, 1])).len(), 2);
        assert_eq!(found(&json!({ "a": {} }), &json!({ "a": [] })), ["$.a: ours {}, theirs []"]);
        assert_eq!(found(&json!(1), &json!("1")), [r#"$: ours 1, theirs "1""#]);
    }

    #[test]
    fn missing_response_is_a_difference() {
        let traceback =
            Response { facts: vec![(EXIT, 1.into())], body: Body::Empty(Some("KeyError".to_owned())) };
        assert_eq!(
            differences(&exchange(document(json!({})), traceback.clone())),
            ["exit: ours 0, theirs 1", r#"$: ours {}, theirs {"exception":"KeyError"}"#]
        );
        let usage = Response { facts: vec![(EXIT, 1.into())], body: Body::Empty(None) };
        assert_eq!(differences(&exchange(usage, traceback)), [""; 0]);
    }

    #[test]
    fn errors_and_successes_are_not_compared_in_detail() {
        let failed = json!({ "error": { "error_code": "a" }, "response": null });
        let exchange =
            exchange(document(failed), document(json!({ "error": null, "response": { "valid": true } })));
        let found = responses(&exchange, "", &mut Intended::default());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place.to_string(), "$");
    }

    #[test]
    fn output_that_is_not_one_document_is_always_a_difference() {
        let noise = || Response { facts: Vec::new(), body: Body::Other("log\n{}".to_owned()) };
        assert_eq!(differences(&exchange(noise(), noise())).len(), 1);
    }

    #[test]
    fn wrong_number_of_pages_is_a_difference_even_if_both_agree() {
        let page = |token: Value| document(json!({ "page": { "token": token } }));
        let both = |token: Value, has_next_page| Exchange {
            has_next_page: Some(has_next_page),
            ..exchange(page(token.clone()), page(token))
        };
        assert_eq!(differences(&both(json!("t"), true)), [""; 0]);
        assert_eq!(differences(&both(json!("t"), false)), ["pages: ours true, theirs true"]);
        assert_eq!(differences(&both(Value::Null, true)), ["pages: ours false, theirs false"]);
    }

    #[test]
    fn schemas_in_info_are_only_compared_by_presence() {
        let info = |argument: Value| {
            document(json!({ "capability_schema": { "c": { "argument": argument, "output": {} } } }))
        };
        let compared = |ours: Value, theirs: Value| {
            let exchange = exchange(info(ours), info(theirs));
            differences(&Exchange { capability: "info".to_owned(), ..exchange })
        };
        assert_eq!(compared(json!({ "type": "object" }), json!({ "title": "X" })), [""; 0]);
        assert_eq!(compared(json!({}), Value::Null).len(), 1);
    }

    #[test]
    fn capabilities_in_info_are_compared_by_name() {
        let info = |names: &[&str]| document(json!({ "response": { "capabilities": names } }));
        let exchange = exchange(info(&["a", "b", "c"]), info(&["c", "b", "d"]));
        let exchange = Exchange { capability: "info".to_owned(), ..exchange };
        let found = responses(&exchange, "/response", &mut Intended::default());
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "$.response.capabilities.a: ours true, theirs nothing",
                "$.response.capabilities.d: ours nothing, theirs true"
            ]
        );
    }
}
